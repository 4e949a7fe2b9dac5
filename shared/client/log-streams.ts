/** Lines as streams: of an evaluation they go on from their last cursor when a coordinator is lost. */
import { assayProto } from '../rpc/load.ts';
import type { Calls } from './calls.ts';
import { batchFromWire, filterToWire, lineFromWire } from './codec-logs.ts';
import type { LogBatch, LogLine, LogOptions, LogSubject } from './logs.ts';
import { resumed, type Open } from './streams.ts';

type Asked = Omit<LogOptions, 'signal'>;

export function logs(
  calls: Calls,
  subject: LogSubject,
  { filter = {}, tail = 0, cursor: from = '', follow = false }: Asked,
  signal: AbortSignal,
): AsyncGenerator<LogBatch> {
  let cursor = from;
  let isOver = false;
  const open: Open<LogBatch> = async function* (peer, progress) {
    const request = { ...subject, filter: filterToWire(filter), tail: cursor === '' ? tail : 0, cursor, follow };
    for await (const wire of calls.stream(peer, assayProto().evaluation.StreamLogs, request, signal, progress)) {
      const batch = batchFromWire(wire);
      cursor = batch.cursor || cursor;
      yield batch;
    }
    isOver = true;
  };
  return resumed(calls, signal, open, () => isOver);
}

/** They are in one coordinator's memory: when that is lost, so are they, and what another one hears comes from its beginning. */
export function agentLogs(
  calls: Calls,
  agent: string,
  { filter = {}, tail = 0, follow = false }: Omit<Asked, 'cursor'>,
  signal: AbortSignal,
): AsyncGenerator<LogLine[]> {
  let isOver = false;
  const open: Open<LogLine[]> = async function* (peer, progress) {
    const request = { agent, filter: filterToWire(filter), tail, follow };
    for await (const { lines } of calls.stream(peer, assayProto().operator.StreamAgentLogs, request, signal, progress))
      yield lines.map(lineFromWire);
    isOver = true;
  };
  return resumed(calls, signal, open, () => isOver);
}
