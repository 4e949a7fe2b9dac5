/** S11 a cancel that was answered stops everything; L1 all comes to an end; L2 nothing is left of it. */
import type { EventOf, History } from '../history/history.ts';
import type { Violation } from './violation.ts';

/** For results of before a crash or a break. */
const RESEND_MS = 3_000;

export function* cancelled(history: History): Iterable<Violation> {
  const finals = new Map(history.of('evaluation').map((event) => [event.evaluation, event]));
  for (const ok of history.of('ok')) {
    if (ok.op !== 'cancel') continue;
    const of = <E extends { evaluation: string; t0: number }>(events: E[]): E[] =>
      events.filter((e) => e.evaluation === ok.evaluation && e.t0 > ok.t);
    const granted = of(history.of('granted'));
    if (granted[0]) yield { invariant: 'S11', problem: `${ok.evaluation} was handed out after its cancel`, evidence: [ok, granted[0]] };
    const end = finals.get(ok.evaluation);
    // Its last sample was counted before: it was ending by itself, and the cancel changed nothing.
    const wasEnding = ok.state === 'finalizing' && end?.counts.cancelled === 0 && of(history.of('committed')).length === 0;
    if (end && end.state !== 'cancelled' && !wasEnding && !['succeeded', 'failed'].includes(ok.state))
      yield { invariant: 'S11', problem: `${ok.evaluation} was cancelled, and has ${end.state}`, evidence: [ok, end] };
    // What counts was written before the cancel was answered.
    const after = of(history.of('stored'));
    const late = end?.served.find(
      ({ unit, state }) =>
        state === 'scored' &&
        after.some((frame) => frame.units.includes(unit)) &&
        !history.of('stored').some((f) => f.evaluation === ok.evaluation && f.t0 <= ok.t && f.units.includes(unit)),
    );
    if (late)
      yield {
        invariant: 'S11',
        problem: `${ok.evaluation} unit ${late.unit} was counted after its cancel`,
        evidence: [ok, ...after.slice(0, 1)],
      };
    yield* countedLate(history, ok, end);
  }
}

/**
 * A result that its agent had not even finished when the cancel was answered: whoever counts it, a recovery among them, and although the coordinator
 * that wrote it into the store has died before it said so.
 */
function* countedLate(history: History, ok: EventOf<'ok'>, end: EventOf<'evaluation'> | undefined): Iterable<Violation> {
  const attempts = new Set(history.of('taken').flatMap(({ evaluation, attempt }) => (evaluation === ok.evaluation ? [attempt] : [])));
  const own = history.of('finished').filter(({ attempt }) => attempts.has(attempt));
  const late = own.filter(({ t }) => t > ok.t);
  const winners = new Map(end?.stored.map(({ unit, attempt }) => [unit, attempt]));
  const served = late.find(
    ({ attempt, unit }) => winners.get(unit) === attempt && end!.served.some((result) => result.unit === unit && result.state === 'scored'),
  );
  if (served)
    yield {
      invariant: 'S11',
      problem: `${ok.evaluation} unit ${served.unit} was finished after its cancel, and counts`,
      evidence: [ok, served],
    };
  // Also where it does not count in the end.
  const inTime = new Set(own.filter(({ t }) => t <= ok.t).map(({ unit }) => unit));
  for (const event of [...history.of('restored'), ...history.of('committed')]) {
    if (event.evaluation !== ok.evaluation || event.t0 <= ok.t) continue;
    const refused = event.what === 'committed' ? [...event.refused, ...event.late] : [];
    const found = late.find(({ unit, t }) => event.units.includes(unit) && !refused.includes(unit) && !inTime.has(unit) && t < event.t);
    if (found)
      yield {
        invariant: 'S11',
        problem: `${ok.evaluation} unit ${found.unit} was ${event.what} after its cancel`,
        evidence: [ok, found, event],
      };
  }
}

export function* allEnded(history: History): Iterable<Violation> {
  const [left] = history.of('left');
  if (!left) return yield { invariant: 'L1', problem: 'nobody has looked at the end', evidence: [] };
  if (left.open.length > 0) yield { invariant: 'L1', problem: `${left.open.join(', ')}: not over`, evidence: [left] };
}

export function* nothingLeft(history: History): Iterable<Violation> {
  const [left] = history.of('left');
  if (left && left.open.length === 0 && left.leases + left.jobs + left.tasks > 0)
    yield { invariant: 'L2', problem: `${left.leases} leases, ${left.jobs} jobs, ${left.tasks} tasks are left`, evidence: [left] };
  const settled = new Set<string>();
  const lost = new Set(history.of('lost').flatMap(({ attempts }) => attempts));
  for (const { attempt, units, lost: isLost } of history.of('acked')) {
    if (isLost) lost.add(attempt);
    for (const unit of units) settled.add(`${attempt} ${unit}`);
  }
  // An agent that has just come back has had no time to send them.
  const backAt = new Map(history.of('welcomed').map(({ who, t }) => [who, t]));
  const isDue = ({ who, t }: { who: string; t: number }): boolean =>
    left !== undefined && Math.max(t, backAt.get(who) ?? t) + RESEND_MS < left.t;
  const kept = history
    .of('spooled')
    .filter((event) => isDue(event) && !lost.has(event.attempt) && !settled.has(`${event.attempt} ${event.unit}`));
  if (kept.length > 0 && left?.open.length === 0)
    yield { invariant: 'L2', problem: `${kept.length} results are left in spools`, evidence: kept.slice(0, 3) };
}
