/** S9 an end is an end; S10 all watchers see one history, without gaps, up to the end, or are told that they have missed something. */
import { isFinal } from '../../../shared/domain/states.ts';
import type { EventOf, History } from '../history/history.ts';
import type { Violation } from './violation.ts';

type Told = EventOf<'told'>;

/** Faults after which Redis may be without what it had last. */
const LOSSES = /^redis-(?:power|kill|failover)/;

const parts = (cursor: string): [generation: number, number: number] => cursor.split('-').map(Number) as [number, number];

export function* terminalStays(history: History): Iterable<Violation> {
  const reopened = new Set(history.of('reopened').map(({ evaluation }) => evaluation));
  const states = [...history.of('ok').filter(({ op }) => op !== 'submit'), ...history.of('told'), ...history.of('evaluation')].filter(
    (event) => 'state' in event && event.state !== undefined,
  );
  for (const [evaluation, own] of Map.groupBy(states, (event) => event.evaluation)) {
    if (reopened.has(evaluation)) continue;
    const ends = new Set(own.map(({ state }) => state!).filter(isFinal));
    if (ends.size > 1)
      yield {
        invariant: 'S9',
        problem: `${evaluation} has several ends: ${[...ends].join(', ')}`,
        evidence: own.filter(({ state }) => isFinal(state!)),
      };
  }
}

export function* oneHistory(history: History): Iterable<Violation> {
  const said = new Map<string, Told>();
  for (const [who, events] of Map.groupBy(
    [...history.of('watch'), ...history.of('told'), ...history.of('watched')].toSorted((a, b) => a.t - b.t),
    (e) => `${e.who} ${e.evaluation}`,
  )) {
    let last: string | undefined;
    let ended: Told | undefined;
    for (const event of events) {
      if (event.what === 'watch') continue;
      if (event.what === 'watched') {
        if (!ended) yield { invariant: 'S10', problem: `${who} was never told of the end`, evidence: [event] };
        continue;
      }
      // The end that follows the picture of what is over has its cursor; none, if Redis has forgotten it.
      const isEcho = event.kind === 'state' && (event.cursor === last || event.cursor === '') && isFinal(event.state!);
      // One that lost its stream with the end asks again, and is told the same end.
      const isAgain = ended !== undefined && event.state === ended.state && (event.kind === 'snapshot' || isEcho);
      if (isAgain) continue;
      if (ended) yield { invariant: 'S10', problem: `${who} was told something after the end`, evidence: [ended, event] };
      yield* gapOf(who, last, event, isEcho);
      if (event.kind !== 'snapshot' && !isEcho) {
        // What Redis has lost, it may number alike until its loss is noticed.
        const losses = history.of('fault').filter(({ kind, t }) => LOSSES.test(kind) && t < event.t).length;
        const key = `${event.evaluation} ${event.cursor} ${losses}`;
        const other = said.get(key);
        if (other && (other.body !== event.body || other.state !== event.state))
          yield { invariant: 'S10', problem: `${key} says one thing to one and another to the other`, evidence: [other, event] };
        said.set(key, other ?? event);
      }
      if (event.kind === 'state' && isFinal(event.state!)) ended = event;
      last = event.cursor || last;
    }
  }
}

/** The next number, also under a new generation, unless a picture came between. */
function* gapOf(who: string, last: string | undefined, event: Told, isEcho: boolean): Iterable<Violation> {
  if (last === undefined || event.kind === 'snapshot' || isEcho) return;
  const [[generation, number], [nextGeneration, next]] = [parts(last), parts(event.cursor)];
  if (nextGeneration < generation || next <= number)
    yield { invariant: 'S10', problem: `${who} was told ${event.cursor} after ${last}`, evidence: [event] };
  else if (next !== number + 1)
    yield { invariant: 'S10', problem: `${who} was told ${event.cursor} after ${last}, without what is between`, evidence: [event] };
}
