/** S6 a lost lease is powerless; S7 a unit has one owner at a time, and attempts are never named alike. */
import type { EventOf, History } from '../history/history.ts';
import { faultsOf } from './faults.ts';
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

/** A takes a unit's result after B was granted it, B has not reported it, and no recovery has: so A's was counted, and must not have been. */
export function* fenced(history: History): Iterable<Violation> {
  const grants = grantsByUnit(history);
  const closers = new Map<string, { t0: number; attempt: string }[]>();
  const note = (evaluation: string, units: readonly number[], t0: number, attempt: string): void => {
    for (const unit of units) {
      const key = keyOf(evaluation, unit);
      closers.set(key, [...(closers.get(key) ?? []), { t0, attempt }]);
    }
  };
  // A frame may be counted by a recovery, or by a commit whose coordinator died before it wrote that down.
  for (const { evaluation, units, t0, attempt } of history.of('stored')) note(evaluation, units, t0, attempt);
  for (const { evaluation, units, t0 } of history.of('restored')) note(evaluation, units, t0, 'recovery');
  for (const event of history.of('committed')) {
    const { evaluation, attempt, units, refused, late, t0, t } = event;
    const own = grants.get(keyOf(evaluation, units[0]!))?.find((grant) => grant.attempt === attempt);
    if (!own) continue;
    for (const unit of units) {
      if (refused.includes(unit) || late.includes(unit)) continue;
      const key = keyOf(evaluation, unit);
      const other = grants.get(key)?.find((grant) => grant.attempt !== attempt && grant.grant > own.grant && grant.t < t0);
      if (!other) continue;
      const closed = (closers.get(key) ?? []).some((c) => c.attempt !== attempt && c.t0 < t && c.t0 > other.t0);
      if (!closed) yield { invariant: 'S6', problem: `${key}: a late result was counted`, evidence: [own, other, event] };
    }
  }
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
