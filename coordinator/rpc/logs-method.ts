/** Lines about an evaluation, or about one of its tasks; and what is asked of lines anywhere. */
import { batchToWire, levelFromWire } from '../../shared/client/codec-logs.ts';
import type { LineFilter } from '../../shared/client/logs.ts';
import { parseTaskId } from '../../shared/domain/ids.ts';
import { Checks } from '../../shared/rpc/checks.ts';
import type { LogFilter__Output } from '../../shared/rpc/gen/assay/v1/LogFilter.ts';
import type { Handlers } from '../../shared/rpc/handler.ts';
import { assayProto } from '../../shared/rpc/load.ts';
import { isLogCursor } from '../evaluations/logs/log-reader.ts';
import { readTaskId } from './dead-letter-methods.ts';
import type { UseCasesOf } from './guard.ts';
import { MAX } from './requests.ts';

const MAX_TAIL = 1_000;

export function logsMethod(useCasesOf: UseCasesOf, handlers: Handlers) {
  const methods = assayProto().evaluation;
  return {
    StreamLogs: handlers.serverStream(methods.StreamLogs, async function* (request, info) {
      const { evaluationId, taskId, cursor, follow } = request;
      const { signal, goingAway } = info;
      const checks = new Checks('StreamLogs');
      if (evaluationId !== '' && taskId !== '') checks.fault('task_id', 'stands beside an evaluation; leave one of them out');
      else if (taskId !== '') readTaskId(checks, 'task_id', taskId);
      else checks.evaluationId('evaluation_id', evaluationId);
      const filter = readLineFilter(checks, request.filter);
      const tail = readTail(checks, request.tail);
      if (cursor !== '' && !isLogCursor(cursor)) checks.fault('cursor', 'is no cursor: send one that an answer had, or none');
      if (cursor !== '' && tail !== undefined) checks.fault('tail', 'stands beside a cursor; leave one of them out');
      checks.done();
      const of = parseTaskId(taskId)?.evaluationId ?? evaluationId;
      const asked = { ...filter, ...(taskId && { taskId }), ...(tail !== undefined && { tail }), cursor, follow };
      const ends = AbortSignal.any([signal, goingAway]);
      for await (const batch of useCasesOf(info).logs(of, asked, ends)) yield batchToWire(batch);
      goingAway.throwIfAborted();
    }),
  };
}

export function readTail(checks: Checks, tail: number): number | undefined {
  if (tail > MAX_TAIL) checks.fault('tail', `${tail} is more than ${MAX_TAIL}; 0 means all`);
  return tail === 0 ? undefined : tail;
}

export function readLineFilter(checks: Checks, wire: LogFilter__Output | null): LineFilter {
  if (!wire) return {};
  const { sinceMs, minLevel, agent, text, _unit, unit } = wire;
  const since = checks.int('filter.since_ms', sinceMs);
  const level = levelFromWire(minLevel);
  if (minLevel !== 'LOG_LEVEL_UNSPECIFIED' && !level) checks.fault('filter.min_level', `${JSON.stringify(minLevel)} is no level of a line`);
  checks.text('filter.agent', agent, MAX.name);
  checks.text('filter.text', text, 200);
  return {
    ...(since > 0 && { sinceMs: since }),
    ...(level && { minLevel: level }),
    ...(agent && { agent }),
    ...(text && { text }),
    ...(_unit === undefined ? {} : { unit: unit! }),
  };
}
