/** What checks, tells and repairs an evaluation as a whole: verify, record, recover. */
import { booksToWire, progressToWire, recoveredToWire } from '../../shared/client/codec-books.ts';
import { recordStepToWire } from '../../shared/client/codec-record.ts';
import { Checks } from '../../shared/rpc/checks.ts';
import type { Handlers } from '../../shared/rpc/handler.ts';
import { assayProto } from '../../shared/rpc/load.ts';
import { MAX, readDurability } from './requests.ts';
import type { UseCasesOf } from './guard.ts';

export function booksMethods(useCasesOf: UseCasesOf, handlers: Handlers) {
  const methods = assayProto().evaluation;
  return {
    VerifyEvaluation: handlers.serverStream(methods.VerifyEvaluation, async function* ({ evaluationId }, info) {
      const { signal } = info;
      const checks = new Checks('VerifyEvaluation');
      checks.evaluationId('evaluation_id', evaluationId);
      checks.done();
      for await (const step of useCasesOf(info).verify(evaluationId, signal))
        yield step.kind === 'books' ? { books: booksToWire(step.books) } : { progress: progressToWire(step.progress) };
    }),

    RecordEvaluation: handlers.serverStream(methods.RecordEvaluation, async function* ({ evaluationId, samples }, info) {
      const { signal } = info;
      const checks = new Checks('RecordEvaluation');
      checks.evaluationId('evaluation_id', evaluationId);
      checks.done();
      for await (const step of useCasesOf(info).record(evaluationId, { samples }, signal)) yield* recordStepToWire(step);
    }),

    RecoverEvaluation: handlers.unary(methods.RecoverEvaluation, async (request, info) => {
      const checks = new Checks('RecoverEvaluation');
      checks.evaluationId('evaluation_id', request.evaluationId);
      const reason = checks.text('reason', request.reason, MAX.reason);
      const required = readDurability(checks, request.requiredDurability);
      checks.done();
      return recoveredToWire(await useCasesOf(info).recover(request.evaluationId, reason, required));
    }),
  };
}
