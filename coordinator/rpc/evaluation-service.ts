/** EvaluationService: checks the form of what comes in, translates, and asks the use-cases. */
import type { UntypedServiceImplementation } from '@grpc/grpc-js';
import { AppError } from '../../shared/domain/errors.ts';
import { specValueOf } from '../../shared/domain/spec.ts';
import { Checks } from '../../shared/rpc/checks.ts';
import { evaluationToWire, eventToWire, reportToWire, resultToWire, stateToWire } from '../../shared/client/codec.ts';
import type { UploadContentRequest__Output } from '../../shared/rpc/gen/assay/v1/UploadContentRequest.ts';
import type { Handlers } from '../../shared/rpc/handler.ts';
import { assayProto } from '../../shared/rpc/load.ts';
import type { EvaluationUseCases } from './use-cases.ts';

const MAX_DATA_BYTES = 1024 * 1024;
const NAMESPACE = /^[\w.-]{1,64}$/;

export interface EvaluationServiceOptions {
  useCases: EvaluationUseCases;
  handlers: Handlers;
  /** The largest content that may be uploaded. */
  maxContentBytes: number;
}

export function evaluationService({ useCases, handlers, maxContentBytes }: EvaluationServiceOptions): UntypedServiceImplementation {
  const methods = assayProto().evaluation;
  return {
    UploadContent: handlers.clientStream(methods.UploadContent, async (requests) => {
      const incoming = requests[Symbol.asyncIterator]();
      const { digest, sizeBytes } = await headerOf(incoming, maxContentBytes);
      if (await useCases.hasContent(digest)) return { digest, existed: true };
      return { digest, ...(await useCases.upload(digest, sizeBytes, dataOf(incoming, sizeBytes))) };
    }),

    SubmitEvaluation: handlers.unary(methods.SubmitEvaluation, async ({ specJson, idempotencyKey, namespace }) => {
      const checks = new Checks('SubmitEvaluation');
      checks.text('idempotency_key', idempotencyKey, 256, 1);
      if (namespace !== '') checks.form('namespace', namespace, NAMESPACE, '1 to 64 letters, digits, . _ or -');
      const spec = specOf(specJson, checks);
      checks.done();
      const { evaluation, existed } = await useCases.submit({ spec, idempotencyKey, namespace: namespace || 'default' });
      return { evaluation: evaluationToWire(evaluation), existed };
    }),

    GetEvaluation: handlers.unary(methods.GetEvaluation, async ({ evaluationId }) => ({
      evaluation: evaluationToWire(await useCases.get(checked('GetEvaluation', evaluationId))),
    })),

    WatchEvaluation: handlers.serverStream(methods.WatchEvaluation, async function* ({ evaluationId, cursor }, { signal, goingAway }) {
      const checks = new Checks('WatchEvaluation');
      checks.evaluationId('evaluation_id', evaluationId);
      checks.text('cursor', cursor, 200);
      checks.done();
      const ends = AbortSignal.any([signal, goingAway]);
      for await (const event of useCases.watch(evaluationId, cursor, ends)) yield eventToWire(event);
      goingAway.throwIfAborted();
    }),

    CancelEvaluation: handlers.unary(methods.CancelEvaluation, async ({ evaluationId, reason }) => {
      const checks = new Checks('CancelEvaluation');
      checks.evaluationId('evaluation_id', evaluationId);
      checks.text('reason', reason, 1000);
      checks.done();
      return { state: stateToWire(await useCases.cancel(evaluationId, reason)) };
    }),

    StreamResults: handlers.serverStream(methods.StreamResults, async function* ({ evaluationId }, { signal }) {
      for await (const result of useCases.results(checked('StreamResults', evaluationId), signal)) yield* resultToWire(result);
    }),

    GetReport: handlers.unary(methods.GetReport, async ({ evaluationId }) => {
      const { report, json } = await useCases.report(checked('GetReport', evaluationId));
      return reportToWire(report, json);
    }),
  };
}

function checked(method: string, evaluationId: string): string {
  const checks = new Checks(method);
  checks.evaluationId('evaluation_id', evaluationId);
  checks.done();
  return evaluationId;
}

function specOf(json: Buffer, checks: Checks): unknown {
  try {
    return specValueOf(json);
  } catch (error) {
    checks.fault('spec_json', AppError.from(error).message);
    return undefined;
  }
}

type Incoming = AsyncIterator<UploadContentRequest__Output>;

async function headerOf(incoming: Incoming, maxBytes: number): Promise<{ digest: string; sizeBytes: number }> {
  const first = await incoming.next();
  const header = first.done ? undefined : first.value.header;
  if (!header) throw new AppError('invalid', 'UploadContent: the first message must be a header with digest and size_bytes');
  const checks = new Checks('UploadContent');
  checks.digest('header.digest', header.digest);
  const sizeBytes = checks.int('header.size_bytes', header.sizeBytes, maxBytes);
  checks.done();
  return { digest: header.digest, sizeBytes };
}

/** The content's bytes, never more than were announced. */
async function* dataOf(incoming: Incoming, sizeBytes: number): AsyncGenerator<Uint8Array> {
  let seen = 0;
  for (let next = await incoming.next(); !next.done; next = await incoming.next()) {
    const { data, message } = next.value;
    if (message !== 'data' || !data) throw new AppError('invalid', 'UploadContent: only data may follow the header');
    if (data.length > MAX_DATA_BYTES)
      throw new AppError('invalid', `UploadContent: a message has ${data.length} bytes of data; at most ${MAX_DATA_BYTES}`);
    seen += data.length;
    if (seen > sizeBytes) throw new AppError('invalid', `UploadContent: more than the announced ${sizeBytes} bytes came`);
    if (data.length > 0) yield data;
  }
  if (seen < sizeBytes) throw new AppError('invalid', `UploadContent: ${seen} of the announced ${sizeBytes} bytes came`);
}
