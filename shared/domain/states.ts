/**
 * The states of evaluations and units. `docs/architecture.md` has the pictures.
 *
 * Evaluation
 *   accepted     entered by a submit, once; left by start → running, cancel → cancelled
 *   running      tasks are planned and granted; left by pause, cancel, the last unit's close → finalizing
 *   paused       nothing is planned or granted, running work may finish; left by resume, cancel, the last close
 *   finalizing   all units closed; the finalizer writes the report; left to a final state
 *   succeeded, failed, cancelled   final: left only by a requeue of samples → running, under a new generation
 *   recovering   entered when Redis has lost the ledger; frames are replayed from the store; left to the state of before
 *
 * Unit
 *   pending      open; left once, to a closed state
 *   generated    a completion waits for its judge (open)
 *   scored, unscored, errored, cancelled, dead   closed; all but scored are left by a requeue → pending
 */
export const EVALUATION_STATES = ['accepted', 'running', 'paused', 'finalizing', 'succeeded', 'failed', 'cancelled', 'recovering'] as const;
export type EvaluationState = (typeof EVALUATION_STATES)[number];

export const isFinal = (state: EvaluationState): boolean => state === 'succeeded' || state === 'failed' || state === 'cancelled';

/** The order is the code in the ledger (4 bits) and in frames. Never reorder. */
export const UNIT_STATES = ['pending', 'generated', 'scored', 'unscored', 'errored', 'cancelled', 'dead'] as const;
export type UnitState = (typeof UNIT_STATES)[number];
export const unitCode = (state: UnitState): number => UNIT_STATES.indexOf(state);
export const isOpenCode = (code: number): boolean => code < 2;

/** How units stand. The books balance: total = open + scored + unscored + errored + cancelled + dead. */
export interface Counts {
  total: number;
  scored: number;
  unscored: number;
  errored: number;
  cancelled: number;
  dead: number;
}

export const openOf = (c: Counts): number => c.total - c.scored - c.unscored - c.errored - c.cancelled - c.dead;

export const emptyCounts = (total = 0): Counts => ({ total, scored: 0, unscored: 0, errored: 0, cancelled: 0, dead: 0 });

/** The state in which an evaluation ends when its units are all closed. */
export function finalStateOf(counts: Counts, wasCancelled: boolean): 'succeeded' | 'failed' | 'cancelled' {
  if (wasCancelled) return 'cancelled';
  return counts.scored > 0 ? 'succeeded' : 'failed';
}
