/** How long it took, after each kind of fault, until what it had stopped went on: read off a history. */
import { DOWN_AFTER_MS } from '../support/redis-sentinel.ts';
import { faultsOf, type Fault } from './checker/faults.ts';
import type { EventOf, History } from './history/history.ts';
import { LEASE_MS } from './rig/rig.ts';

export type Times = Partial<Record<Kind, number[]>>;
export type Kind = 'agent loss' | 'coordinator loss' | 'Redis restart' | 'Sentinel failover' | 'Redis wiped' | 'cancel to stop';

/**
 * What a kind may take, in ms, where the machine has time for it: 99 of 100, and where there are fewer, each of them. A wiped Redis has none: it is read again
 * from the store, which may be large.
 */
export const BOUNDS: Readonly<Partial<Record<Kind, number>>> = {
  // A lease, and two looks at it.
  'agent loss': LEASE_MS + 2_000,
  'coordinator loss': 3_000,
  'Redis restart': 5_000,
  'Sentinel failover': DOWN_AFTER_MS + 5_000,
  'cancel to stop': 12_000,
};

/** Kinds that have a bound, and no time to hold against it: of them nothing was shown. */
export const unjudged = (times: Times): Kind[] => (Object.keys(BOUNDS) as Kind[]).filter((kind) => !times[kind]?.length);

/** What is wrong with them. */
export function slowerThanBound(times: Times): string[] {
  return Object.entries(times).flatMap(([kind, values]) => {
    const [bound, p99] = [BOUNDS[kind as Kind] ?? Infinity, percentile(values, 99)];
    return p99 > bound ? [`${kind}: ${p99} ms at p99, and the bound is ${bound} ms`] : [];
  });
}

/** What a fault leaves behind for the next one to meet: streams on their way back, ledgers that are compared with the store. */
const AFTER_MS = 3_000;

/** Whether nothing else was wrong between two moments: no other fault, and no machine without time for the test itself. */
function isAlone(history: History, own: { kind: string; target: string } | undefined, from: number, to: number): boolean {
  const others = faultsOf(history).filter(({ kind, target, from: t }) => !(kind === own?.kind && target === own.target && t <= from));
  return (
    !others.some((fault) => fault.from < to && fault.to + AFTER_MS > from) &&
    !history.of('slept').some(({ t, ms }) => t - ms < to && t > from)
  );
}

/** Leases that ended although their agents lived, within the time that they had to come back in, after each loss of a coordinator by itself. */
export function leasesLostWithCoordinators(history: History): { losses: number; leases: number } {
  const alone = faultsOf(history).filter((fault) => isCoordinatorLoss(fault) && isAlone(history, fault, fault.from, fault.from + SPAN_MS));
  const taken = new Map(history.of('taken').map(({ attempt, t }) => [attempt, t]));
  const leases = alone.flatMap(({ from }) =>
    history
      .of('releasing')
      .filter(({ kind, attempt, t }) => kind === 'lost' && t > from && t < from + SPAN_MS && (taken.get(attempt) ?? Infinity) < from),
  );
  return { losses: alone.length, leases: new Set(leases.map(({ attempt }) => attempt)).size };
}

const isCoordinatorLoss = ({ kind }: Pick<Fault, 'kind'>): boolean => kind === 'coordinator-kill' || kind === 'coordinator-drain';

/** As long as a lease that was lost with a coordinator takes to be ended. */
const SPAN_MS = LEASE_MS + 2_000;

/** Until a killed server is certainly gone. */
const KILL_MS = 200;

/**
 * In ms, by kind of fault; a fault that stopped nothing has no time. `alone`: where nothing else was wrong meanwhile, which is what the bounds are for; of
 * cancels all are, for a cancel holds whatever else happens.
 */
export function recoveryTimes(history: History): { all: Times; alone: Times } {
  const [all, alone]: [Times, Times] = [{}, {}];
  const note = (kind: Kind, ms: number | undefined, t: number, fault?: EventOf<'fault'>): void => {
    if (ms === undefined) return;
    (all[kind] ??= []).push(Math.round(ms));
    // What comes later than its bound has missed it by then, whatever came between.
    if (!fault || isAlone(history, fault, t, t + Math.min(ms, BOUNDS[kind] ?? Infinity))) (alone[kind] ??= []).push(Math.round(ms));
  };
  for (const event of history.of('fault')) {
    const { kind, target, phase, t } = event;
    if (phase === 'begin' && (kind === 'agent-kill' || kind === 'agent-freeze'))
      note('agent loss', reassigned(history, target, t), t, event);
    if (phase === 'begin' && isCoordinatorLoss(event)) note('coordinator loss', reconnected(history, t), t, event);
    if (kind.startsWith('redis-') && !isWorking(history, t)) continue;
    // From its answer to the first PING.
    if (phase === 'end' && (kind === 'redis-kill' || kind === 'redis-power'))
      note('Redis restart', next(history.of('committed'), t), t, event);
    // From the kill of the primary: what sentinels take to see it and to agree is in it.
    if (phase === 'begin' && kind === 'redis-failover') {
      const counted = history.of('committed').find(({ t0 }) => t0 > t + KILL_MS);
      note('Sentinel failover', counted ? counted.t - t : NEVER, t, event);
    }
    if (phase === 'begin' && kind === 'redis-wipe') note('Redis wiped', next(history.of('committed'), t), t, event);
  }
  for (const ok of history.of('ok').filter(({ op }) => op === 'cancel')) note('cancel to stop', stopped(history, ok), ok.t);
  return { all, alone };
}

/** What did not go on at all: slower than any bound. */
const NEVER = Infinity;

const next = (events: readonly { t: number }[], t: number): number => (events.find((event) => event.t > t)?.t ?? NEVER) - t;

/** Attempts of evaluations that somebody cancels: they may end without a result, and nobody takes them back. */
function ofCancelled(history: History): ReadonlySet<string> {
  const cancelled = new Set(history.of('invoke').flatMap(({ op, evaluation }) => (op === 'cancel' ? [evaluation] : [])));
  return new Set(history.of('taken').flatMap(({ evaluation, attempt }) => (cancelled.has(evaluation) ? [attempt] : [])));
}

/** Whether an agent has something that is not counted, at a moment: without that there is nothing that a Redis could stop. */
function isWorking(history: History, t: number): boolean {
  const counted = new Set(
    history
      .of('committed')
      .filter((event) => event.t < t)
      .flatMap(({ attempt, units }) => units.map((unit) => `${attempt} ${unit}`)),
  );
  const over = new Set([
    ...ofCancelled(history),
    ...history.of('released').flatMap((event) => (event.t < t ? [event.attempt] : [])),
    ...history.of('lost').flatMap((event) => (event.t < t ? event.attempts : [])),
  ]);
  return history.of('begun').some((event) => event.t < t && !over.has(event.attempt) && !counted.has(`${event.attempt} ${event.unit}`));
}

/** Until all tasks that the agent held are taken back, or its own again. */
function reassigned(history: History, agent: string, t: number): number | undefined {
  const own = history.of('taken').filter((event) => event.who === agent && event.t < t);
  const over = [...history.of('released'), ...history.of('committed')];
  const cancelled = ofCancelled(history);
  const lost = new Set(history.of('lost').flatMap((event) => (event.t < t ? event.attempts : [])));
  const ends = own.flatMap(({ attempt, units }) => {
    // One that let go of units for others does not come back to them.
    const settled = [...history.of('acked'), ...history.of('committed'), ...history.of('spared')];
    const before = new Set(settled.filter((e) => e.attempt === attempt && e.t < t).flatMap((e) => e.units));
    if (units.every((unit) => before.has(unit)) || history.of('released').some((e) => e.attempt === attempt && e.t < t)) return [];
    const end = over.find((event) => event.attempt === attempt && event.t > t);
    if (!end && (cancelled.has(attempt) || lost.has(attempt))) return [];
    return [end ? end.t - t : NEVER];
  });
  return ends.length > 0 ? Math.max(...ends) : undefined;
}

/** Until the agents whose streams broke with it have new ones. */
function reconnected(history: History, t: number): number | undefined {
  const parted = history.of('parted').filter((event) => event.t > t && event.t < t + 500);
  const back = parted.map(({ who, t: left }) => {
    const found = history.of('welcomed').find((event) => event.who === who && event.t > left);
    return found ? found.t - t : NEVER;
  });
  return back.length > 0 ? Math.max(...back) : undefined;
}

/** From the cancel's answer to the last call's end, 0 where that came first; undefined: there was no call to stop when it was asked for. */
function stopped(history: History, { evaluation, call, t }: EventOf<'ok'>): number | undefined {
  const of = <E extends { evaluation: string }>(events: readonly E[]): E[] => events.filter((event) => event.evaluation === evaluation);
  const answered = of(history.of('answered'));
  if (answered.length < of(history.of('called')).length) return NEVER;
  const askedAt = history.of('invoke').find((event) => event.call === call)?.t ?? t;
  const last = answered.findLast((event) => event.t > askedAt);
  return last && Math.max(0, last.t - t);
}

/** The value that so many percent do not exceed. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil((percent / 100) * sorted.length) - 1)] ?? 0;
}
