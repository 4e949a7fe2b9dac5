/** Reads what an agent has told of itself, and goes on with what it tells. */
import type { LogLine } from '../../shared/domain/log-line.ts';
import { raceSignal } from '../../shared/runtime/abort.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import { matcherOf, type LineFilter } from '../evaluations/logs/log-filter.ts';
import type { AgentLogs } from '../sessions/agent-logs.ts';

/** Looks at least this often, for a line that came between two looks. */
const LOOK_MS = 1_000;

export interface AgentLogRequest extends LineFilter {
  tail?: number;
  follow?: boolean;
}

export async function* agentLines(
  { logs, clock }: { logs: AgentLogs; clock: Clock },
  agentId: string,
  { tail, follow = false, ...filter }: AgentLogRequest,
  signal: AbortSignal,
): AsyncGenerator<LogLine[]> {
  const matches = matcherOf(filter);
  let last = 0;
  for (let isFirst = true; ; isFirst = false) {
    const fresh = logs.after(agentId, last) ?? [];
    last = fresh.at(-1)?.number ?? last;
    const found = fresh.map(({ line }) => line).filter(matches);
    const some = isFirst && tail !== undefined ? found.slice(-tail) : found;
    if (some.length > 0) yield some;
    if (!follow) return;
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
}
