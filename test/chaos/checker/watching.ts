/** S9 an end is an end; S10 all watchers see one history, without gaps, up to the end, or are told that they have missed something. */
import { isFinal, type EvaluationState } from '../../../shared/domain/states.ts';
import type { EventOf, History } from '../history/history.ts';
import { faultsOf } from './faults.ts';
import { requeuesOf } from './requeues.ts';
import type { Violation } from './violation.ts';

type Told = EventOf<'told'>;

/** Faults after which Redis may be without what it had last. */
const LOSSES = /^redis-(?:power|kill|failover)/;

/** What an evaluation may be again when Redis has forgotten its end: until all of it is read from the store, and it has ended again. */
const BACK_AGAIN: ReadonlySet<EvaluationState> = new Set(['recovering', 'finalizing']);
/** An end is told when Redis has it, and then marked in the store. */
const UNMARKED_MS = 3_000;

const parts = (cursor: string): [generation: number, number: number] => cursor.split('-').map(Number) as [number, number];

/** What somebody was told: it was so at some moment between `from`, when he asked, and `to`. */
interface Seen {
  from: number;
  to: number;
  who: string;
  state: EvaluationState;
  event: EventOf<'ok' | 'told' | 'evaluation'>;
}

/** By evaluation. */
function seenOf(history: History): Map<string, Seen[]> {
  const found = new Map<string, Seen[]>();
  const note = (evaluation: string, seen: Seen): void => void found.set(evaluation, [...(found.get(evaluation) ?? []), seen]);
  const asked = new Map(history.of('invoke').map(({ call, t }) => [call, t]));
  for (const event of history.of('ok'))
    if (event.op !== 'submit')
      note(event.evaluation, { from: asked.get(event.call) ?? event.t, to: event.t, who: event.who, state: event.state, event });
  const watches = [...history.of('watch'), ...history.of('told')].toSorted((a, b) => a.t - b.t);
  for (const [, own] of Map.groupBy(watches, ({ who, evaluation }) => `${who} ${evaluation}`)) {
    let began = 0;
    for (const event of own) {
      if (event.what === 'watch') began = event.t;
      // A picture is of when it was asked for or later; an event may be one of long ago, told again to one who asks for what he has missed.
      else if (event.state) {
        const from = event.kind === 'snapshot' ? began : -Infinity;
        note(event.evaluation, { from, to: event.t, who: event.who, state: event.state, event });
      }
    }
  }
  for (const event of history.of('evaluation'))
    note(event.evaluation, { from: event.t, to: event.t, who: event.who, state: event.state, event });
  return found;
}

/**
 * From the moment that somebody was told of an end, whoever asks is told of that end, and who was told of it hears of nothing else: unless its samples
 * were requeued. Redis may forget an end before the store has it; then the evaluation is recovered, and comes to the same end.
 */
export function* terminalStays(history: History): Iterable<Violation> {
  const losses = faultsOf(history).filter(({ kind }) => kind.startsWith('redis-'));
  const requeues = requeuesOf(history);
  for (const [evaluation, all] of seenOf(history)) {
    const until = Math.min(...requeues.filter((event) => event.evaluation === evaluation).map(({ from }) => from));
    const own = all.filter(({ to }) => to < until);
    const ends = own.filter(({ state }) => isFinal(state));
    const end = ends.toSorted((a, b) => a.to - b.to)[0];
    if (!end) continue;
    const other = ends.find(({ state }) => state !== end.state);
    if (other)
      yield { invariant: 'S9', problem: `${evaluation} has two ends: ${end.state}, ${other.state}`, evidence: [end.event, other.event] };
    for (const later of own) {
      if (isFinal(later.state)) continue;
      const isSameWatcher =
        later.event.what === 'told' && ends.some(({ who, to, event }) => event.what === 'told' && who === later.who && to < later.to);
      if (later.from <= end.to && !isSameWatcher) continue;
      const isForgotten = BACK_AGAIN.has(later.state) && losses.some(({ from, to }) => from < later.to && to > end.to - UNMARKED_MS);
      if (!isForgotten)
        yield {
          invariant: 'S9',
          problem: `${evaluation} was ${end.state}, and is ${later.state} without a requeue`,
          evidence: [end.event, later.event],
        };
    }
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
