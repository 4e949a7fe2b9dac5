/** What makes and changes evaluations: submit, validate, update, pause, resume, cancel, delete. */
import { outcomeToWire, validationToWire } from '../../shared/client/codec-commands.ts';
import { durabilityToWire } from '../../shared/client/codec-durability.ts';
import { evaluationToWire } from '../../shared/client/codec-evaluation.ts';
import type { EvaluationChanges, EvaluationOutcome } from '../../shared/client/types.ts';
import { Checks } from '../../shared/rpc/checks.ts';
import type { UpdateEvaluationRequest__Output } from '../../shared/rpc/gen/assay/v1/UpdateEvaluationRequest.ts';
import type { Handlers } from '../../shared/rpc/handler.ts';
import { assayProto } from '../../shared/rpc/load.ts';
import { MAX, readChoice, readDurability, readLimits, readMetadata, readNamespace, readSpec, readTags } from './requests.ts';
import type { UseCasesOf } from './guard.ts';

export function evaluationCommands(useCasesOf: UseCasesOf, handlers: Handlers) {
  const methods = assayProto().evaluation;
  return {
    SubmitEvaluation: handlers.unary(methods.SubmitEvaluation, async (request, info) => {
      const checks = new Checks('SubmitEvaluation');
      const idempotencyKey = checks.text('idempotency_key', request.idempotencyKey, 256, 1);
      const namespace = readNamespace(checks, request.namespace);
      const owner = checks.text('owner', request.owner, MAX.name);
      const spec = readSpec(checks, request.specJson);
      const required = readDurability(checks, request.requiredDurability);
      checks.done();
      const { evaluation, existed, durability } = await useCasesOf(info).submit(
        { spec, idempotencyKey, namespace, owner },
        required,
        info.over,
      );
      return { evaluation: evaluationToWire(evaluation), existed, durability: durabilityToWire(durability) };
    }),

    ValidateEvaluation: handlers.unary(methods.ValidateEvaluation, async (request, info) => {
      const checks = new Checks('ValidateEvaluation');
      const namespace = readNamespace(checks, request.namespace);
      const spec = readSpec(checks, request.specJson);
      checks.done();
      return validationToWire(await useCasesOf(info).validate({ spec, namespace }));
    }),

    UpdateEvaluation: handlers.unary(methods.UpdateEvaluation, async (request, info) => {
      const checks = new Checks('UpdateEvaluation');
      checks.evaluationId('evaluation_id', request.evaluationId);
      const changes = readChanges(checks, request);
      const required = readDurability(checks, request.requiredDurability);
      checks.done();
      const { evaluation, durability } = await useCasesOf(info).update(request.evaluationId, changes, required);
      return { evaluation: evaluationToWire(evaluation), durability: durabilityToWire(durability) };
    }),

    PauseEvaluation: handlers.unary(methods.PauseEvaluation, async (request, info) => {
      const checks = new Checks('PauseEvaluation');
      const which = readChoice(checks, request);
      const reason = checks.text('reason', request.reason, MAX.reason);
      const required = readDurability(checks, request.requiredDurability);
      checks.done();
      return answerOf(await useCasesOf(info).pause(which, reason, required));
    }),

    ResumeEvaluation: handlers.unary(methods.ResumeEvaluation, async (request, info) => {
      const checks = new Checks('ResumeEvaluation');
      const which = readChoice(checks, request);
      const reason = checks.text('reason', request.reason, MAX.reason);
      const required = readDurability(checks, request.requiredDurability);
      checks.done();
      return answerOf(await useCasesOf(info).resume(which, reason, required));
    }),

    CancelEvaluation: handlers.unary(methods.CancelEvaluation, async (request, info) => {
      const checks = new Checks('CancelEvaluation');
      const which = readChoice(checks, request);
      const reason = checks.text('reason', request.reason, MAX.reason);
      const mode = CANCEL_MODES[request.mode];
      if (!mode) checks.fault('mode', `${JSON.stringify(request.mode)} is not a mode: ABORT or DRAIN`);
      const required = readDurability(checks, request.requiredDurability);
      checks.done();
      const answer = answerOf(await useCasesOf(info).cancel(which, { reason, mode: mode! }, required));
      // Callers of before filters read only the state.
      const first = answer.outcomes[0];
      return 'evaluationId' in which && first ? { ...answer, state: first.state } : answer;
    }),

    DeleteEvaluation: handlers.unary(methods.DeleteEvaluation, async (request, info) => {
      const checks = new Checks('DeleteEvaluation');
      const which = readChoice(checks, request, { refusesEmpty: true });
      const required = readDurability(checks, request.requiredDurability);
      checks.done();
      return answerOf(await useCasesOf(info).delete(which, required));
    }),
  };
}

const answerOf = (outcomes: readonly EvaluationOutcome[]) => ({ outcomes: outcomes.map(outcomeToWire) });

const CANCEL_MODES: Partial<Record<string, 'abort' | 'drain'>> = {
  CANCEL_MODE_UNSPECIFIED: 'abort',
  CANCEL_MODE_ABORT: 'abort',
  CANCEL_MODE_DRAIN: 'drain',
};

function readChanges(checks: Checks, wire: UpdateEvaluationRequest__Output): EvaluationChanges {
  const changes: EvaluationChanges = {};
  if (wire._priority !== undefined) changes.priority = checks.int('priority', wire.priority!, 10, 1);
  if (wire._maxSamples !== undefined) changes.maxSamples = checks.int('max_samples', wire.maxSamples!, 1_000_000);
  if (wire.limits) changes.limits = readLimits(checks, wire.limits);
  if (wire.tags) changes.tags = readTags(checks, 'tags.tags', wire.tags.tags);
  if (wire._metadataJson !== undefined) changes.metadata = readMetadata(checks, 'metadata_json', wire.metadataJson!);
  if (wire._keep !== undefined) changes.keep = wire.keep!;
  if (Object.keys(changes).length === 0)
    checks.fault('', 'nothing is named that should change: set priority, max_samples, limits, tags, metadata_json or keep');
  return changes;
}
