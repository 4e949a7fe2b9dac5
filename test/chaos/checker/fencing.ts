/** S6 a lost lease is powerless; S7 a unit has one owner at a time, and attempts are never named alike. */
import type { EventOf, History } from '../history/history.ts';
import { faultsOf, type Fault } from './faults.ts';
import { requeuesOf } from './requeues.ts';
import type { Violation } from './violation.ts';

type Granted = EventOf<'granted'>;

const keyOf = (evaluation: string, unit: number): string => `${evaluation} ${unit}`;

/** What was granted of each unit, in order. */
function grantsByUnit(history: History): Map<string, Granted[]> {
  const found = new Map<string, Granted[]>();
  for (const event of history.of('granted'))
    for (const unit of event.units) {
      const key = keyOf(event.evaluation, unit);
      const own = found.get(key) ?? [];
      if (!own.some(({ attempt }) => attempt === event.attempt)) own.push(event);
      found.set(key, own);
    }
  return found;
}

/** What may have closed a unit, by `t0`; `from`: when that was asked for as far as anybody tells, which for a frame is its commit. */
interface Closer {
  attempt: string;
  who: string;
  t0: number;
  from: number;
}

/** By unit: commits and recoveries; and frames, which alone close nothing, but whose commit may have been done before anybody tells of it. */
function closersOf(history: History): Map<string, Closer[]> {
  const found = new Map<string, Closer[]>();
  const committed = new Map<string, number>();
  const note = (key: string, closer: Closer): void => void found.set(key, [...(found.get(key) ?? []), closer]);
  for (const { evaluation, attempt, units, refused, late, t0, who } of history.of('committed'))
    for (const unit of units) {
      const key = `${attempt} ${keyOf(evaluation, unit)}`;
      committed.set(key, Math.min(t0, committed.get(key) ?? Infinity));
      if (!refused.includes(unit) && !late.includes(unit)) note(keyOf(evaluation, unit), { attempt, who, t0, from: t0 });
    }
  for (const { evaluation, units, t0, who } of history.of('restored'))
    for (const unit of units) note(keyOf(evaluation, unit), { attempt: 'recovery', who, t0, from: t0 });
  for (const { evaluation, units, t0, attempt, who } of history.of('stored'))
    for (const unit of units) {
      const key = keyOf(evaluation, unit);
      note(key, { attempt, who, t0, from: committed.get(`${attempt} ${key}`) ?? t0 });
    }
  return found;
}

/** A takes a unit's result after B was granted it, B has not reported it, and no recovery has: so A's was counted, and must not have been. */
export function* fenced(history: History): Iterable<Violation> {
  const grants = grantsByUnit(history);
  const closers = closersOf(history);
  const faults = faultsOf(history);
  for (const event of history.of('committed')) {
    const { evaluation, attempt, units, refused, late, t0, t } = event;
    const own = grants.get(keyOf(evaluation, units[0]!))?.find((grant) => grant.attempt === attempt);
    if (!own) continue;
    for (const unit of units) {
      if (refused.includes(unit) || late.includes(unit)) continue;
      const key = keyOf(evaluation, unit);
      const other = grants.get(key)?.find((grant) => grant.attempt !== attempt && isLater(grant, own) && grant.t < t0);
      if (!other) continue;
      // A commit whose answer was lost is told only by its repetition; Redis may have lost one.
      const mayBeEarlier = (c: Closer): boolean => faults.some((fault) => fault.from < t && fault.to > c.t0 && delays(fault, c.who));
      const closed = (closers.get(key) ?? []).some(
        (c) => c.attempt !== attempt && c.t0 > other.t0 && c.t0 < t && (c.from < t || mayBeEarlier(c)),
      );
      if (!closed) yield { invariant: 'S6', problem: `${key}: a late result was counted`, evidence: [own, other, event] };
    }
  }
}

/** By their numbers; by time where a number was issued again. */
const isLater = (other: Granted, own: Granted): boolean => other.grant > own.grant || (other.grant === own.grant && other.t0 > own.t);

/** Whether a fault can keep a coordinator from hearing what Redis has done. */
function delays({ kind, target }: Fault, coordinator: string): boolean {
  if (kind.startsWith('redis-') || kind === 'failpoint') return true;
  return target.replace('redislink', 'coordinator') === coordinator;
}

/**
 * What may take a unit from an attempt without a word to it: Redis loses the grant, somebody requeues the unit, or the ledger of its evaluation is
 * made anew. `unit`: only of this one.
 */
interface Loss {
  from: number;
  to: number;
  evaluation?: string;
  unit?: number;
}

function lossesOf(history: History): Loss[] {
  const redis = faultsOf(history).filter(({ kind }) => kind.startsWith('redis-'));
  const reopened = requeuesOf(history).flatMap(({ units, ...span }) => units.map((unit) => ({ ...span, unit })));
  const made = history
    .of('made')
    .filter(({ anew }) => anew)
    .map(({ evaluation, t0, t }) => ({ evaluation, from: t0, to: t }));
  return [...redis, ...reopened, ...made];
}

/** Between two grants of a unit the first one was taken back, or lost: by what came between these two, and not by what came before both. */
export function* oneOwner(history: History): Iterable<Violation> {
  for (const [attempt, events] of Map.groupBy(history.of('granted'), (event) => event.attempt))
    if (new Set(events.map(({ evaluation, sequence, agent }) => `${evaluation} ${sequence} ${agent}`)).size > 1)
      yield { invariant: 'S7', problem: `two grants are named ${attempt}`, evidence: events };
  const back = Map.groupBy(history.of('releasing'), ({ attempt }) => attempt);
  const spared = Map.groupBy(history.of('sparing'), ({ attempt }) => attempt);
  const losses = lossesOf(history);
  for (const [key, grants] of grantsByUnit(history)) {
    const unit = Number(key.slice(key.lastIndexOf(' ') + 1));
    // By their numbers, not by when their coordinators heard of them: one may have slept over the answer.
    const inOrder = grants.toSorted((a, b) => a.grant - b.grant || a.t - b.t);
    for (const [i, next] of inOrder.entries()) {
      const before = inOrder[i - 1];
      if (!before) continue;
      const released = back.get(before.attempt)?.some(({ t }) => t < next.t);
      const letGo = spared.get(before.attempt)?.some(({ units, t }) => units.includes(unit) && t < next.t);
      // A rollback of Redis gives a number again, so that the later one of two may have the lower.
      const [from, to] = [Math.min(before.t0, next.t0), Math.max(before.t, next.t)];
      const lost = losses.some(
        (loss) =>
          loss.from < to && loss.to > from && (loss.evaluation ?? next.evaluation) === next.evaluation && (loss.unit ?? unit) === unit,
      );
      if (!released && !letGo && !lost) yield { invariant: 'S7', problem: `${key} was granted twice at a time`, evidence: [before, next] };
    }
  }
}
