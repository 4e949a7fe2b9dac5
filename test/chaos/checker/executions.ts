/** S8 a sample is run again only after its lease was lost, and never after its result was acknowledged; S12 only crashes make a task dead. */
import type { History, HistoryEvent } from '../history/history.ts';
import { requeuesOf } from './requeues.ts';
import type { Violation } from './violation.ts';
import { reasonsOf, type Reason } from './warranted.ts';

const CRASHES = 3;
const LOSSES = 20;

export interface Executions {
  calls: number;
  /** Calls beyond the first of a unit. */
  repeated: number;
  /** Calls that are allowed beyond the first: one for every further attempt that was given the unit. */
  bound: number;
  /** Samples that were begun again because a lease had run out, without a fault: of a machine that is too busy. */
  unheard: number;
  /** Samples that were begun again for no reason. */
  unwarranted: number;
}

/** Of all units of all evaluations. */
export function executionsOf(history: History): Executions {
  const { calls, attempts } = countsOf(history);
  let [sum, repeated, bound] = [0, 0, 0];
  for (const own of calls.values()) {
    sum += own.length;
    repeated += own.length - 1;
  }
  for (const own of attempts.values()) bound += own.size - 1;
  const reasons = reasonsOf(history).map(({ reason }) => reason);
  const of = (wanted: Reason): number => reasons.filter((reason) => reason === wanted).length;
  return { calls: sum, repeated, bound, unheard: of('silence'), unwarranted: of('none') };
}

function countsOf(history: History) {
  const calls = Map.groupBy(history.of('called'), ({ evaluation, unit }) => `${evaluation} ${unit}`);
  const attempts = new Map<string, Set<string>>();
  // A grant that never reached an agent ran nothing.
  for (const { evaluation, units, attempt } of history.of('taken'))
    for (const unit of units) {
      const key = `${evaluation} ${unit}`;
      attempts.set(key, (attempts.get(key) ?? new Set()).add(attempt));
    }
  return { calls, attempts };
}

export function* boundedExecutions(history: History): Iterable<Violation> {
  const { calls, attempts } = countsOf(history);
  for (const [key, own] of calls) {
    const allowed = attempts.get(key)?.size ?? 0;
    if (own.length > allowed)
      yield { invariant: 'S8', problem: `${key} was called ${own.length} times by ${allowed} attempts`, evidence: own };
  }
}

/** What was acknowledged is kept: nobody runs it again, unless somebody has asked for that. */
export function* notAgain(history: History): Iterable<Violation> {
  const where = new Map(history.of('taken').map(({ attempt, evaluation }) => [attempt, evaluation]));
  const requeues = requeuesOf(history);
  const acked = new Map<string, HistoryEvent & { t: number }>();
  for (const event of history.of('acked'))
    for (const unit of event.lost ? [] : event.units) {
      const key = `${where.get(event.attempt)} ${unit}`;
      if (!acked.has(key)) acked.set(key, event);
    }
  for (const called of history.of('called')) {
    const { evaluation, unit, t } = called;
    const ack = acked.get(`${evaluation} ${unit}`);
    if (!ack || ack.t >= t || requeues.some((event) => event.evaluation === evaluation && event.from < t && event.units.includes(unit)))
      continue;
    yield { invariant: 'S8', problem: `${evaluation} ${unit} was acknowledged, and then run again`, evidence: [ack, called] };
  }
}

/** Whether a task has had what makes one dead: by what was asked for, as the answer may have died with its coordinator. */
export function hasDoomed(history: History, evaluation: string): boolean {
  const own = history.of('releasing').filter((event) => event.evaluation === evaluation);
  return [...Map.groupBy(own, ({ sequence }) => sequence).values()].some((task) => isEnough(task));
}

function isEnough(task: readonly { kind: string }[]): boolean {
  const of = (kind: string): number => task.filter((release) => release.kind === kind).length;
  // One that was told only after its lease had run out is a crash too.
  return of('crash') + of('crashed') >= CRASHES || of('lost') >= LOSSES;
}

export function* deadByCrashes(history: History): Iterable<Violation> {
  for (const event of history.of('released')) {
    if (event.answer !== 'doomed') continue;
    const own = history
      .of('released')
      .filter(({ evaluation, sequence, t }) => evaluation === event.evaluation && sequence === event.sequence && t <= event.t);
    if (!isEnough(own.filter(({ answer }) => answer !== 'unknown')))
      yield {
        invariant: 'S12',
        problem: `task ${event.sequence} of ${event.evaluation} is dead without the crashes for it`,
        evidence: own,
      };
  }
}
