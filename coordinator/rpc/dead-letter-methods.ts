/** Dead letters: list, get, replay, drop. */
import { droppedToWire, letterToWire, replayedToWire } from '../../shared/client/codec-dead-letters.ts';
import type { DeadLetterFilter } from '../../shared/client/dead-letters.ts';
import { isEvaluationId, parseTaskId } from '../../shared/domain/ids.ts';
import { Checks } from '../../shared/rpc/checks.ts';
import type { DeadLetterFilter__Output } from '../../shared/rpc/gen/assay/v1/DeadLetterFilter.ts';
import type { Handlers } from '../../shared/rpc/handler.ts';
import { assayProto } from '../../shared/rpc/load.ts';
import { fittingPage } from './pages.ts';
import { MAX, readDurability, readNamespace, readPage } from './requests.ts';
import type { UseCasesOf } from './guard.ts';

const MAX_TASKS = 1_000;

export function deadLetterMethods(useCasesOf: UseCasesOf, handlers: Handlers) {
  const methods = assayProto().evaluation;
  return {
    ListDeadLetters: handlers.unary(methods.ListDeadLetters, async (request, info) => {
      const checks = new Checks('ListDeadLetters');
      const filter = readFilter(checks, request.filter);
      const page = readPage(checks, request);
      checks.done();
      return fittingPage(
        methods.ListDeadLetters,
        page,
        (asked) => useCasesOf(info).deadLetters.list(filter, { ...asked, withDropped: request.withDropped }),
        ({ items, nextToken }) => ({ letters: items.map(letterToWire), nextPageToken: nextToken }),
      );
    }),

    GetDeadLetter: handlers.unary(methods.GetDeadLetter, async ({ taskId }, info) => {
      const checks = new Checks('GetDeadLetter');
      readTaskId(checks, 'task_id', taskId);
      checks.done();
      return { letter: letterToWire(await useCasesOf(info).deadLetters.get(taskId)) };
    }),

    ReplayDeadLetters: handlers.unary(methods.ReplayDeadLetters, async (request, info) => {
      const checks = new Checks('ReplayDeadLetters');
      const filter = readFilter(checks, request.filter, { refusesEmpty: true });
      const reason = checks.text('reason', request.reason, MAX.reason);
      const required = readDurability(checks, request.requiredDurability);
      checks.done();
      return replayedToWire(await useCasesOf(info).deadLetters.replay(filter, reason, required));
    }),

    DropDeadLetters: handlers.unary(methods.DropDeadLetters, async (request, info) => {
      const checks = new Checks('DropDeadLetters');
      const filter = readFilter(checks, request.filter, { refusesEmpty: true });
      const reason = checks.text('reason', request.reason, MAX.reason);
      const required = readDurability(checks, request.requiredDurability);
      checks.done();
      return droppedToWire(await useCasesOf(info).deadLetters.drop(filter, reason, required));
    }),
  };
}

/** A task's id, as it is; what is none is a fault. */
export function readTaskId(checks: Checks, place: string, value: string): string {
  if (!parseTaskId(value))
    checks.fault(place, `${JSON.stringify(value.slice(0, 80))} is not a task id (an evaluation's id, "-", a number)`);
  return value;
}

function readFilter(checks: Checks, wire: DeadLetterFilter__Output | null, { refusesEmpty = false } = {}): DeadLetterFilter {
  const filter: DeadLetterFilter = {};
  if (!wire) {
    if (refusesEmpty) checks.fault('filter', 'is missing, which would mean all there are: name some');
    return filter;
  }
  if (wire.evaluationId !== '') {
    if (isEvaluationId(wire.evaluationId)) filter.evaluationId = wire.evaluationId;
    else checks.evaluationId('filter.evaluation_id', wire.evaluationId);
    if (wire.namespace !== '') checks.fault('filter.namespace', 'stands beside an evaluation; leave one of them out');
  }
  if (wire.namespace !== '') filter.namespace = readNamespace(checks, wire.namespace);
  const taskIds = checks.list('filter.task_ids', wire.taskIds, MAX_TASKS);
  for (const [i, id] of taskIds.entries()) {
    const evaluationId = parseTaskId(readTaskId(checks, `filter.task_ids[${i}]`, id))?.evaluationId;
    if (filter.evaluationId && evaluationId && evaluationId !== filter.evaluationId)
      checks.fault(`filter.task_ids[${i}]`, `${id} is not of ${filter.evaluationId}, which evaluation_id names: nothing can match`);
  }
  if (taskIds.length > 0) filter.taskIds = [...taskIds];
  for (const name of ['benchmark', 'model', 'agent', 'route'] as const)
    if (wire[name] !== '') filter[name] = checks.text(`filter.${name}`, wire[name], MAX.value);
  const fromMs = checks.int('filter.from_ms', wire.fromMs);
  const toMs = checks.int('filter.to_ms', wire.toMs);
  if (fromMs > 0) filter.fromMs = fromMs;
  if (toMs > 0) filter.toMs = toMs;
  if (fromMs > 0 && toMs > 0 && fromMs >= toMs) checks.fault('filter.to_ms', `${toMs} is not after from_ms (${fromMs}): nothing can match`);
  if (refusesEmpty && Object.keys(filter).length === 0) checks.fault('filter', 'is empty, which would mean all there are: name some');
  return filter;
}
