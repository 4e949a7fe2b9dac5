/** S3 every unit is counted exactly once; S4 the report says what the results say; S5 a result is that of an attempt that was granted. */
import { isRight } from '../rig/sums.ts';
import type { Counts } from '../../../shared/domain/states.ts';
import type { History } from '../history/history.ts';
import { hasDoomed } from './executions.ts';
import type { Violation } from './violation.ts';

export function* conserved(history: History): Iterable<Violation> {
  for (const event of history.of('told')) {
    if (event.kind !== 'progress') continue;
    const { total, scored, unscored, errored, cancelled, dead } = JSON.parse(event.body) as Counts;
    if (scored + unscored + errored + cancelled + dead > total)
      yield { invariant: 'S3', problem: `${event.evaluation}: more is counted than there is`, evidence: [event] };
  }
  for (const event of history.of('evaluation')) {
    const { evaluation, key, counts, served, state } = event;
    const { total, scored, unscored, errored, cancelled, dead } = counts;
    const evidence = [event];
    // By what its client says, not by the coordinator that planned it.
    const asked = history.of('invoke').find((call) => call.op === 'submit' && call.key === key && call.samples !== undefined);
    if (asked && asked.samples !== total)
      yield { invariant: 'S3', problem: `${evaluation}: ${asked.samples} were submitted, and ${total} planned`, evidence: [asked, event] };
    if (dead > 0 && !hasDoomed(history, evaluation))
      yield { invariant: 'S3', problem: `${evaluation}: ${dead} are lost as dead, and no task of it was doomed`, evidence };
    const stray = served.find(({ unit }) => unit < 0 || unit >= (asked?.samples ?? total));
    if (stray) yield { invariant: 'S3', problem: `${evaluation}: nobody has submitted unit ${stray.unit}`, evidence };
    if (scored + unscored + errored + cancelled + dead !== total)
      yield { invariant: 'S3', problem: `${evaluation}: the books do not balance`, evidence };
    const units = served.map(({ unit }) => unit);
    if (new Set(units).size !== units.length) yield { invariant: 'S3', problem: `${evaluation}: a unit was counted twice`, evidence };
    const byState = (wanted: string): number => served.filter((unit) => unit.state === wanted).length;
    for (const [name, count] of Object.entries({ scored, unscored, errored }))
      if (byState(name) !== count)
        yield { invariant: 'S3', problem: `${evaluation}: ${count} are ${name}, and ${byState(name)} results say so`, evidence };
    if (errored + unscored > 0) yield { invariant: 'S3', problem: `${evaluation}: an endpoint that never fails has failed`, evidence };
    if (cancelled > 0 && state !== 'cancelled')
      yield { invariant: 'S3', problem: `${evaluation}: ${cancelled} are lost as cancelled`, evidence };
  }
}

export function* recomputed(history: History): Iterable<Violation> {
  for (const event of history.of('evaluation')) {
    const { evaluation, served, correct } = event;
    const scored = served.filter(({ state }) => state === 'scored');
    const wrong = scored.find(({ unit, value }) => value !== (isRight(unit) ? 1 : 0));
    if (wrong) yield { invariant: 'S4', problem: `${evaluation}: unit ${wrong.unit} has the score ${wrong.value}`, evidence: [event] };
    const right = scored.filter(({ value }) => value === 1).length;
    if (right !== correct)
      yield { invariant: 'S4', problem: `${evaluation}: the report has ${correct} right answers, the results ${right}`, evidence: [event] };
  }
}

export function* provenance(history: History): Iterable<Violation> {
  const granted = new Map(history.of('granted').map((event) => [event.attempt, event]));
  const finished = new Map(history.of('finished').map((event) => [`${event.attempt} ${event.unit}`, event]));
  for (const event of history.of('evaluation')) {
    for (const { unit, attempt, agent, digest } of event.stored) {
      const grant = granted.get(attempt);
      const own = finished.get(`${attempt} ${unit}`);
      const evidence = [event, ...(grant ? [grant] : []), ...(own ? [own] : [])];
      const where = `${event.evaluation} unit ${unit}`;
      // A coordinator that was killed has not written down its last grant; the agent has.
      const taken = grant ?? history.of('taken').find((t) => t.attempt === attempt);
      if (!taken?.units.includes(unit) || taken.evaluation !== event.evaluation)
        yield { invariant: 'S5', problem: `${where} is of an attempt that was not granted for it`, evidence };
      else if (grant && grant.agent !== agent)
        yield { invariant: 'S5', problem: `${where} is of another agent than was granted it`, evidence };
      else if (own?.digest !== digest) yield { invariant: 'S5', problem: `${where} is not what its agent has written`, evidence };
    }
    // What is counted is durable.
    const stored = new Set(event.stored.map(({ unit }) => unit));
    const missing = event.served.find(({ unit, state }) => state === 'scored' && !stored.has(unit));
    if (missing)
      yield { invariant: 'S1', problem: `${event.evaluation} unit ${missing.unit} is counted, and not in the store`, evidence: [event] };
  }
}

/** What an agent may forget is durable. */
export function* durableFirst(history: History): Iterable<Violation> {
  const stored = new Map<string, number>();
  for (const { attempt, units, t } of history.of('stored'))
    for (const unit of units) stored.set(`${attempt} ${unit}`, Math.min(t, stored.get(`${attempt} ${unit}`) ?? t));
  for (const event of history.of('acked')) {
    const early = event.lost ? undefined : event.units.find((unit) => (stored.get(`${event.attempt} ${unit}`) ?? Infinity) > event.t);
    if (early !== undefined)
      yield { invariant: 'S1', problem: `unit ${early} was acknowledged before it was in the store`, evidence: [event] };
  }
}
