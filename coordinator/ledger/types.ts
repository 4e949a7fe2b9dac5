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
  /** Units in its range that another task runs: they were requeued while it was leased, or its agent spared them. */
  aside: readonly number[];
} & ({ state: 'queued' | 'unqueued' } | { state: 'leased'; attemptId: string; agentId: string; grant: number });

export interface PlanView {
  state: EvaluationState;
  isDraining: boolean;
  version: number;
  open: number;
  /** Per group: the first unit that was never planned. */
  cursors: number[];
  /** Per group: units before this one may have been planned and lie in tasks, also those after the cursor; 0 if there are none. */
  planned: number[];
  /** Open units of queued and of leased tasks, per route ordinal. */
  queued: number[];
  leased: number[];
  /** Mean duration of a unit lately, 0 before the first, per route ordinal. */
  unitMs: number[];
}

export interface Grant {
  sequence: number;
  incarnation: number;
  attemptId: string;
  /** The task's from now on: a later attempt hangs below this one. Absent or '': it stays as it was. */
  traceparent?: string;
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
  /** Units of the current attempt that count no more: skipped, or requeued meanwhile. */
  late: number[];
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

/** Units that an agent lets go of without having started them. */
export interface Spared {
  sequence: number;
  attemptId: string;
  agentId: string;
  units: readonly number[];
}

/** taken: others will run them. over: the task has none left. unknown: the attempt is not the current one. later: ask again. */
export type SpareAnswer = 'taken' | 'over' | 'unknown' | 'later';

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
  /** More units errored than the spec bears. */
  hasFailed: boolean;
}

/** What a sweep sees of an evaluation. */
export interface LedgerLook {
  state: EvaluationState;
  /** Changes with every step of the command that is under way; '' when there is none. */
  command: string;
  /** Journaled updates and requeues that are in effect. */
  updates: number;
  requeues: number;
}

export type ControlCommand =
  | { action: 'start' | 'tell' }
  | { action: 'wait'; reason: string }
  | { action: 'begin'; command: string; states: readonly EvaluationState[] }
  | { action: 'end'; command: string; reason: string; updated?: boolean; requeued?: boolean }
  | { action: 'cancel' | 'drain' | 'pause' | 'resume'; reason: string; command?: string }
  | { action: 'reopen'; command: string; reason: string }
  | { action: 'finish'; state: 'succeeded' | 'failed' | 'cancelled' }
  | { action: 'recover'; reason: string; generation: number }
  | ({ action: 'recovered' } & RecoveredState);

/** What the journal leaves behind, for the end of a recovery. */
export interface RecoveredState {
  state: EvaluationState;
  reason?: string;
  ended?: 'cancel' | 'fail';
  draining?: string;
  updates?: number;
  requeues?: number;
}

/**
 * done: it took place. busy: another command is under way, or the recovery was asked for again. lost: the command was broken off by
 * a recovery. no: the state does not allow it, or is that already.
 */
export interface ControlAnswer {
  answer: 'done' | 'busy' | 'lost' | 'no';
  done: boolean;
  state: EvaluationState;
  /** Of `begin` and `recover`: no grant so far has a higher number; how many requeues are in effect. */
  grant: number;
  requeues: number;
}

/** A run of units first … end − 1. */
export type UnitRange = readonly [first: number, end: number];

export function parseTask(sequence: number, raw: string): LedgerTask {
  const t = JSON.parse(raw) as {
    g: number;
    r: number;
    s: number;
    e: number;
    n: number;
    i: number;
    st: 'q' | 'l' | 'u';
    at: number;
    a?: string;
    ag?: string;
    gr?: number;
    tp?: string;
    x?: number[];
  };
  return {
    sequence,
    group: t.g,
    route: t.r,
    first: t.s,
    end: t.e,
    open: t.n,
    incarnation: t.i,
    sinceMs: t.at,
    traceparent: t.tp ?? '',
    aside: t.x ?? [],
    ...(t.st === 'l'
      ? { state: 'leased', attemptId: t.a!, agentId: t.ag!, grant: t.gr! }
      : { state: t.st === 'q' ? 'queued' : 'unqueued' }),
  };
}
