/** What a check of a history finds. Checks are pure: they know nothing but the history. */
import type { History, HistoryEvent } from '../history/history.ts';

/** As in docs/reliability.md. */
export type Invariant = 'S1' | 'S2' | 'S3' | 'S4' | 'S5' | 'S6' | 'S7' | 'S8' | 'S9' | 'S10' | 'S11' | 'S12' | 'S16' | 'L1' | 'L2';

export interface Violation {
  invariant: Invariant;
  problem: string;
  /** The events that show it. */
  evidence: readonly HistoryEvent[];
}

export type Check = (history: History) => Iterable<Violation>;
