/** What goes into the ledger's scripts and what comes out of them. */
import type { EvaluationState } from '../../shared/domain/states.ts';

/** A task before it has a sequence: units first … end − 1 of one group. */
export interface NewTask {
  group: number;
  /** Ordinal of the group's route in its evaluation. */
  route: number;
  first: number;
  end: number;
  traceparent: string;
}

export type LedgerTask = {
  sequence: number;
  group: number;
  route: number;
  first: number;
  end: number;
  /** Units that are open. */
  open: number;
  incarnation: number;
  /** When it entered its state, by Redis's clock. */
  sinceMs: number;
  traceparent: string;
} & ({ state: 'queued' | 'unqueued' } | { state: 'leased'; attemptId: string; agentId: string; grant: number });

export interface PlanView {
  state: EvaluationState;
  version: number;
  /** Mean duration of a unit lately, 0 before the first. */
  unitMs: number;
  open: number;
  /** Per group: the first unit that was never planned. */
  cursors: number[];
  /** Open units of queued and of leased tasks, per route ordinal. */
  queued: number[];
  leased: number[];
}

export interface Grant {
  sequence: number;
  incarnation: number;
  attemptId: string;
}

/**
 * granted: run these units. done: nothing is left, or the evaluation is over. paused: the task waits for a resume. later: the
 * ledger is being recovered. stale: the job is of an older incarnation, or another attempt holds the task.
 */
export interface GrantAnswer {
  answer: 'granted' | 'done' | 'paused' | 'later' | 'stale';
  grant: number;
  /** Crashes and losses of the task so far. */
  setbacks: number;
  units: number[];
}

/** A unit as the ledger counts it; a value is null where the scorer gave no verdict. */
export interface RestoredUnit {
  unit: number;
  code: number;
  group: number;
  retries: number;
  values: (number | null)[];
}

export interface CommitReport {
  sequence: number;
  attemptId: string;
  agentId: string;
  units: RestoredUnit[];
  /** Sum of the units' durations. */
  totalMs: number;
}

export interface CommitVerdict {
  /** Units whose results do not count, because the attempt is not the current one. Empty: all are counted, or were closed before. */
  refused: number[];
  taskOver: boolean;
}

export interface CommitAnswer {
  verdicts: CommitVerdict[];
  progressDue: boolean;
  /** undefined: Redis knows nothing of the evaluation. */
  state: EvaluationState | undefined;
}

export type ReleaseItem = { sequence: number } & (
  | { kind: 'crash' | 'lost' | 'returned'; attemptId: string; incarnation?: undefined }
  | { kind: 'requeue'; incarnation: number; attemptId?: undefined }
);

export interface ReleaseAnswer {
  answer: 'queued' | 'unqueued' | 'dead' | 'done' | 'unknown';
  incarnation: number;
}

export interface LedgerSnapshot {
  state: EvaluationState;
  reason: string;
  cursor: string;
  /** units, scored, unscored, errored, cancelled, dead. */
  counts: number[];
  /** group, scored, unscored, errored, cancelled, dead, retries, then n, sum, sum of squares per scorer. */
  groups: number[][];
  inFlight: number;
  agents: number;
  wasCancelled: boolean;
}
