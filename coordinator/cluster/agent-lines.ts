/** Reads what an agent has told of itself, at whichever coordinator it was told, and goes on with what it tells. */
import type { LogLine } from '../../shared/domain/log-line.ts';
import { raceSignal } from '../../shared/runtime/abort.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import { matcherOf, type LineFilter } from '../evaluations/logs/log-filter.ts';
import type { AgentLogs } from '../sessions/agent-logs.ts';
import type { NumberedLine } from './line-relay.ts';

/** Looks at least this often, for a line that came between two looks; and elsewhere no more often. */
const LOOK_MS = 1_000;
/** In one look; all that a coordinator keeps of an agent is three. What one says faster than it is read comes with the next look. */
const MOST_READS = 8;

export interface AgentLogRequest extends LineFilter {
  tail?: number;
  follow?: boolean;
}

export interface LineSource {
  /** The coordinator that has its lines now; asked at each look, for an agent may go elsewhere. */
  where: () => Promise<string>;
  /** Lines there after a number, some hundred at most. */
  after: (coordinatorId: string, number: number) => Promise<readonly NumberedLine[]>;
  logs: Pick<AgentLogs, 'onLines'>;
  clock: Clock;
}

export async function* agentLines(
  source: LineSource,
  agentId: string,
  { tail, follow = false, ...filter }: AgentLogRequest,
  signal: AbortSignal,
): AsyncGenerator<LogLine[]> {
  const matches = matcherOf(filter);
  /** What was read last, of each coordinator. */
  const last = new Map<string, number>();
  for (let isFirst = true; !signal.aborted; isFirst = false) {
    const found: LogLine[] = [];
    const where = await source.where();
    for (let reads = 0; reads < MOST_READS; reads++) {
      const fresh = await source.after(where, last.get(where) ?? 0);
      if (fresh.length === 0) break;
      last.set(where, fresh.at(-1)!.number);
      found.push(...fresh.map(({ line }) => line).filter(matches));
    }
    const some = isFirst && tail !== undefined ? found.slice(-tail) : found;
    // Whoever follows is told that there is none so far: nothing else tells it from a search that goes on.
    if (some.length > 0 || (isFirst && follow)) yield some;
    if (!follow) return;
    await heard(source, agentId, signal);
  }
}

/** Until the agent says something here, or a second has passed. */
async function heard({ logs, clock }: LineSource, agentId: string, signal: AbortSignal): Promise<void> {
  const woken = Promise.withResolvers<void>();
  const stop = logs.onLines((id) => id === agentId && woken.resolve());
  const ended = new AbortController();
  try {
    await raceSignal(Promise.race([woken.promise, clock.sleep(LOOK_MS, ended.signal).catch(() => undefined)]), signal);
  } finally {
    stop();
    ended.abort();
  }
}
