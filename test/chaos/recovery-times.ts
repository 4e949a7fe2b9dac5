/** How long it took, after each kind of fault, until what it had stopped went on: read off a history. */
import type { EventOf, History } from './history/history.ts';

export type Times = Record<string, number[]>;

/** Until a killed server is certainly gone. */
const KILL_MS = 200;

/** In ms, by kind of fault; a fault that stopped nothing has no time. */
export function recoveryTimes(history: History): Times {
  const times: Times = {};
  const note = (kind: string, ms: number | undefined): void => {
    if (ms !== undefined) (times[kind] ??= []).push(Math.round(ms));
  };
  const faults = history.of('fault');
  for (const fault of faults) {
    const { kind, target, phase, t } = fault;
    if (phase === 'begin' && (kind === 'agent-kill' || kind === 'agent-freeze')) note('agent loss', reassigned(history, target, t));
    if (phase === 'begin' && (kind === 'coordinator-kill' || kind === 'coordinator-drain'))
      note('coordinator loss', reconnected(history, t));
    // From its answer to the first PING.
    if (phase === 'end' && (kind === 'redis-kill' || kind === 'redis-power')) note('Redis restart', next(history.of('committed'), t));
    // From the kill of the primary: what sentinels take to see it and to agree is in it.
    if (phase === 'begin' && kind === 'redis-failover') {
      const counted = history.of('committed').find(({ t0 }) => t0 > t + KILL_MS);
      note('Sentinel failover', counted && counted.t - t);
    }
    if (phase === 'begin' && kind === 'redis-wipe') note('Redis wiped', next(history.of('committed'), t));
  }
  for (const ok of history.of('ok').filter(({ op }) => op === 'cancel')) note('cancel to stop', stopped(history, ok));
  return times;
}

const next = (events: readonly { t: number }[], t: number): number | undefined => {
  const found = events.find((event) => event.t > t);
  return found && found.t - t;
};

/** Until all tasks that the agent held are taken back, or its own again. */
function reassigned(history: History, agent: string, t: number): number | undefined {
  const own = history.of('taken').filter((event) => event.who === agent && event.t < t);
  const over = [...history.of('released'), ...history.of('committed')];
  const ends = own.flatMap(({ attempt, units }) => {
    const before = new Set(
      history
        .of('acked')
        .filter((e) => e.attempt === attempt && e.t < t)
        .flatMap((e) => e.units),
    );
    if (units.every((unit) => before.has(unit)) || history.of('released').some((e) => e.attempt === attempt && e.t < t)) return [];
    const end = over.find((event) => event.attempt === attempt && event.t > t);
    return end ? [end.t - t] : [];
  });
  return ends.length > 0 ? Math.max(...ends) : undefined;
}

/** Until the agents whose streams broke with it have new ones. */
function reconnected(history: History, t: number): number | undefined {
  const parted = history.of('parted').filter((event) => event.t > t && event.t < t + 500);
  const back = parted.flatMap(({ who, t: left }) => {
    const found = history.of('welcomed').find((event) => event.who === who && event.t > left);
    return found ? [found.t - t] : [];
  });
  return back.length > 0 ? Math.max(...back) : undefined;
}

/** From the cancel's answer to the last call's end. */
function stopped(history: History, ok: EventOf<'ok'>): number | undefined {
  const last = history.of('answered').findLast((event) => event.evaluation === ok.evaluation && event.t > ok.t);
  return last ? last.t - ok.t : 0;
}

/** The value that so many percent do not exceed. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil((percent / 100) * sorted.length) - 1)] ?? 0;
}
