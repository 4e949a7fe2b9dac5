/**
 * S8 a sample is run again only for a reason. Its attempt was spent by a fault that could reach it, Redis has lost it, its samples were requeued; or its
 * lease had run out, which also happens on a machine that is too busy to be heard. A lease that was renewed in time is not taken away.
 */
import type { EventOf, History } from '../history/history.ts';
import { faultsOf, type Fault } from './faults.ts';
import { requeuesOf } from './requeues.ts';
import type { Violation } from './violation.ts';

type Taken = EventOf<'taken'>;

/** A unit that was begun by one attempt, and then by a later one. */
interface Again {
  evaluation: string;
  unit: number;
  first: Taken;
  again: Taken;
}

export type Reason = 'fault' | 'requeue' | 'silence' | 'none';

/** What a fault of lines, coordinators and Redis leaves behind: streams that are found dead, leases that nobody renews. */
const AFTERMATH_MS = 1_500;
/** How much later than a lease's end it is taken back at the latest: two looks, of which each may take a second on a busy machine. */
const NOTICED_MS = 3_000;
/** Deadlines are of Redis's clock, in whole milliseconds. */
const CLOCK_MS = 20;

export function reasonsOf(history: History): { again: Again; reason: Reason }[] {
  const reasonOf = reasoning(history);
  return [...againOf(history)].map((again) => ({ again, reason: reasonOf(again) }));
}

export function* warranted(history: History): Iterable<Violation> {
  for (const { again, reason } of reasonsOf(history)) {
    if (reason !== 'none') continue;
    const { evaluation, unit, first, again: second } = again;
    const back = history.of('releasing').filter(({ attempt }) => attempt === first.attempt);
    yield { invariant: 'S8', problem: `${evaluation} ${unit} was run again without a reason`, evidence: [first, ...back, second] };
  }
}

/** A lease ends when it has run out, by the clock, and was found so twice by the coordinator that ends it. */
export function* leasesKept(history: History): Iterable<Violation> {
  const [rig] = history.of('began');
  const renewals = renewalsOf(history);
  const redis = faultsOf(history).filter(({ kind }) => kind.startsWith('redis-'));
  const looks = history.of('looked');
  for (const event of history.of('releasing')) {
    if (event.kind !== 'lost') continue;
    const { attempt, t, who, evaluation } = event;
    const found = looks.filter((look) => look.who === who && look.t < t && look.attempts.includes(attempt));
    // Without any it was taken back because its agent has never accepted it.
    if (found.length === 0) continue;
    const last = renewals(attempt).findLast((renewal) => renewal.t < t);
    // Redis may have forgotten the renewal.
    const isForgotten = last && redis.some(({ from, to }) => from < t && to > last.t0);
    if (rig && last && !isForgotten && t - last.t0 < rig.leaseMs - CLOCK_MS)
      yield { invariant: 'S8', problem: `${attempt} of ${evaluation} was renewed, and its lease ended`, evidence: [last, event] };
    else if (found.length < 2)
      yield {
        invariant: 'S8',
        problem: `the lease of ${attempt} of ${evaluation} was ended at the first look`,
        evidence: [...found, event],
      };
  }
}

function renewalsOf(history: History): (attempt: string) => EventOf<'renewed'>[] {
  const byAttempt = new Map<string, EventOf<'renewed'>[]>();
  for (const event of history.of('renewed'))
    for (const attempt of event.attempts) byAttempt.set(attempt, [...(byAttempt.get(attempt) ?? []), event]);
  return (attempt) => byAttempt.get(attempt) ?? [];
}

/**
 * Attempts that began a unit, each with the one before it, in the order in which they were granted: an agent that stood still hears of its own when
 * others have had the samples.
 */
function* againOf(history: History): Iterable<Again> {
  const grantedAt = new Map(history.of('granted').map(({ attempt, t }) => [attempt, t]));
  const taken = new Map(
    history.of('taken').map((event) => [event.attempt, { ...event, t: Math.min(event.t, grantedAt.get(event.attempt) ?? Infinity) }]),
  );
  const byUnit = new Map<string, { evaluation: string; unit: number; attempts: Set<Taken> }>();
  for (const { attempt, unit } of history.of('begun')) {
    const own = taken.get(attempt);
    if (!own) continue;
    const { evaluation } = own;
    const found = byUnit.get(`${evaluation} ${unit}`) ?? { evaluation, unit, attempts: new Set<Taken>() };
    found.attempts.add(own);
    byUnit.set(`${evaluation} ${unit}`, found);
  }
  for (const { evaluation, unit, attempts } of byUnit.values()) {
    const inOrder = [...attempts].toSorted((a, b) => a.t - b.t);
    for (const [i, again] of inOrder.entries()) if (i > 0) yield { evaluation, unit, first: inOrder[i - 1]!, again };
  }
}

function reasoning(history: History): (again: Again) => Reason {
  const faults = faultsOf(history);
  const requeues = requeuesOf(history);
  const [rig] = history.of('began');
  const leaseMs = rig?.leaseMs ?? 0;
  const renewals = renewalsOf(history);
  const releasing = Map.groupBy(history.of('releasing'), ({ attempt }) => attempt);
  const servedBy = serversOf(history);
  return ({ evaluation, unit, first, again }) => {
    if (requeues.some((e) => e.evaluation === evaluation && e.units.includes(unit) && e.to > first.t && e.from < again.t)) return 'requeue';
    const { who, t, attempt } = first;
    const releasedAt = releasing.get(attempt)?.find((event) => event.t < again.t)?.t;
    // Until it was taken back; an agent that was not heard for a lease, at any time, may have found its attempt gone.
    const until = releasedAt ?? again.t;
    // What was taken back was so by what came shortly before; what Redis has forgotten is missed only when it is granted again.
    const span = { from: releasedAt === undefined ? t : Math.max(t, until - leaseMs - NOTICED_MS), to: until };
    if (
      faults.some((fault) => reaches(fault, who, servedBy(attempt)) && overlaps(fault, isOfRedis(fault) ? { from: t, to: again.t } : span))
    )
      return 'fault';
    if (history.of('fenced').some((event) => event.who === who && event.t > t && event.t < again.t)) return 'silence';
    const heard = [t, ...renewals(attempt).flatMap((event) => (event.t0 > t && event.t0 < until ? [event.t0] : [])), until];
    const silentMs = Math.max(...heard.slice(1).map((at, i) => at - heard[i]!));
    return silentMs >= leaseMs - CLOCK_MS ? 'silence' : 'none';
  };
}

/** The coordinators that had to do with an attempt: that granted it, kept its lease, or heard its results. */
function serversOf(history: History): (attempt: string) => ReadonlySet<string> {
  const found = new Map<string, Set<string>>();
  const note = (attempt: string, who: string): void => void found.set(attempt, (found.get(attempt) ?? new Set()).add(who));
  for (const { attempt, who } of [...history.of('granted'), ...history.of('committed'), ...history.of('releasing')]) note(attempt, who);
  for (const { attempts, who } of history.of('renewed')) for (const attempt of attempts) note(attempt, who);
  return (attempt) => found.get(attempt) ?? new Set();
}

const isOfRedis = ({ kind }: Fault): boolean => kind.startsWith('redis-') || kind === 'failpoint';

const overlaps = (fault: Fault, { from, to }: { from: number; to: number }): boolean => fault.from < to && fault.to + AFTERMATH_MS > from;

/** Whether a fault can cost an agent an attempt: that of Redis, its own, that of one of its lines, and that of a coordinator it had to do with. */
function reaches(fault: Fault, agent: string, coordinators: ReadonlySet<string>): boolean {
  const { target } = fault;
  if (isOfRedis(fault) || target === agent || target.replace('link ', 'agent') === agent) return true;
  // One of which nothing is told has granted it and died before it said so.
  return (
    /^(?:coordinator|redislink) /.test(target) && (coordinators.size === 0 || coordinators.has(target.replace('redislink', 'coordinator')))
  );
}
