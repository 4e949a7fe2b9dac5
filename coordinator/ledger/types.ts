/** What goes into the ledger's scripts and what comes out of them. */
import type { Setbacks } from '../../shared/client/types.ts';
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

/** How an attempt at a task begins or ends. */
export type AttemptTold = { evaluationId: string; attemptId: string } & (
  | { kind: 'began'; sequence: number; agentId: string; units: readonly number[]; waitedMs?: number }
  | { kind: 'done' | 'returned' | 'lost' | 'crashed' }
  /** Its results of these units came when it was not held any more. */
  | { kind: 'refused'; agentId: string; units: readonly number[] }
);

/** What it is for an attempt that its task is taken back. */
export const ATTEMPT_ENDS = { crash: 'crashed', crashed: 'crashed', lost: 'lost', returned: 'returned' } as const;

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
  setbacks: Setbacks;
  /** Its crashes and losses, the last ones, oldest first. */
  evidence: readonly SetbackEvidence[];
} & ({ state: 'queued' | 'unqueued' | 'doomed' } | LeasedTask);

interface LeasedTask {
  state: 'leased';
  attemptId: string;
  agentId: string;
  grant: number;
  /** The attempt was given a signed lease. */
  isSigned: boolean;
}

/** How an attempt ended badly. */
export interface SetbackEvidence extends CrashEvidence {
  attemptId: string;
  agentId: string;
  kind: 'crash' | 'lost';
  /** By Redis's clock. */
  atMs: number;
}

/** What is told of a crash or a loss: whose it was, and where the agent's last words lie in the store. */
export interface CrashEvidence {
  agent?: string;
  instanceId?: string;
  exit?: string;
  /** Digest of content; Redis holds no text of agents. */
  words?: string;
}

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
  /** The agent is sent a signed lease with it. */
  isSigned?: boolean;
  /** How long its job was in the queue. */
  waitedMs?: number;
}

/**
 * granted: run these units. done: nothing is left, or the evaluation is over. paused: the task waits for a resume. later: the
 * ledger is being recovered. stale: the job is of an older incarnation, or another attempt holds the task.
 */
export interface GrantAnswer {
  answer: 'granted' | 'done' | 'paused' | 'later' | 'stale';
  grant: number;
  /** Of the task so far. */
  crashes: number;
  units: number[];
}

/** A unit as the ledger counts it; a value is null where the scorer gave no verdict. */
export interface RestoredUnit {
  unit: number;
  code: number;
  group: number;
  retries: number;
  values: (number | null)[];
  /** In and out; absent: none. */
  tokens?: readonly [number, number];
}

/** A unit that is to be opened again. */
export interface ReopenedUnit extends RestoredUnit {
  /** A judge's call about an answer that is opened too: whatever state it has, and whoever runs it. */
  anew?: boolean;
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
  /** Of the ledger that has said so. */
  generation: number;
}

/** Of a replay. `generation`: of the recovery that it is part of. */
export interface RestoreOptions {
  generation?: number;
  overruled?: (attemptId: string, unit: number) => void;
}

export type ReleaseItem = { sequence: number } & (
  | {
      /** crashed: it was taken for lost before its agent told of the crash. */
      kind: 'crash' | 'crashed' | 'lost' | 'returned';
      attemptId: string;
      incarnation?: undefined;
      evidence?: CrashEvidence;
      /** Of a crash, where it is known: units that were running. The others of the task are planned anew, without its setbacks. */
      suspects?: readonly number[];
    }
  | { kind: 'requeue'; incarnation: number; attemptId?: undefined }
);

export interface ReleaseAnswer {
  /** doomed: it is given up, once the journal says so. */
  answer: 'queued' | 'unqueued' | 'doomed' | 'done' | 'noted' | 'unknown';
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
  /** group, scored, unscored, errored, cancelled, dead, retries, then n, sum, sum of squares per scorer; behind them tokens in and out, where they are known. */
  groups: number[][];
  open: number;
  inFlight: number;
  agents: number;
  wasCancelled: boolean;
  /** More units errored than the spec bears. */
  hasFailed: boolean;
  setbacks: Setbacks;
}

/** What a sweep sees of an evaluation. */
export interface LedgerLook {
  state: EvaluationState;
  /** Changes with every step of the command that is under way; '' when there is none. */
  command: string;
  /** Journaled updates and requeues that are in effect. */
  updates: number;
  requeues: number;
  /** Tasks that are to be given up. */
  doomed: number;
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
  | ({ action: 'recovered'; generation: number } & RecoveredState);

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

/** As snapshot.lua tells it. */
export function parseSnapshot(json: string): LedgerSnapshot {
  const s = JSON.parse(json) as {
    s: EvaluationState;
    r: string;
    cursor: string;
    c: number[];
    g: number[][];
    f: number;
    o: number;
    a: number;
    x: string;
    b: [number, number, number];
  };
  return {
    state: s.s,
    reason: s.r,
    cursor: s.cursor,
    counts: s.c,
    groups: s.g,
    open: s.o,
    inFlight: s.f,
    agents: s.a,
    wasCancelled: s.x === 'cancel',
    hasFailed: s.x === 'fail',
    setbacks: { crashes: s.b[0], losses: s.b[1], returns: s.b[2] },
  };
}

const STATES = { q: 'queued', u: 'unqueued', d: 'doomed' } as const;

export function parseTask(sequence: number, raw: string): LedgerTask {
  const t = JSON.parse(raw) as {
    g: number;
    r: number;
    s: number;
    e: number;
    n: number;
    i: number;
    st: 'q' | 'l' | 'u' | 'd';
    cr?: number;
    lo?: number;
    re?: number;
    ev?: { a: string; ag: string; k: 'crash' | 'lost'; at: number; n?: string; i?: string; x?: string; w?: string }[];
    at: number;
    a?: string;
    ag?: string;
    gr?: number;
    lf?: string;
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
    setbacks: { crashes: t.cr ?? 0, losses: t.lo ?? 0, returns: t.re ?? 0 },
    evidence: (t.ev ?? []).map((e) => ({
      attemptId: e.a,
      agentId: e.ag,
      kind: e.k,
      atMs: e.at,
      ...(e.n === undefined ? {} : { agent: e.n }),
      ...(e.i === undefined ? {} : { instanceId: e.i }),
      ...(e.x === undefined ? {} : { exit: e.x }),
      ...(e.w === undefined ? {} : { words: e.w }),
    })),
    ...(t.st === 'l'
      ? { state: 'leased', attemptId: t.a!, agentId: t.ag!, grant: t.gr!, isSigned: t.lf === t.a }
      : { state: STATES[t.st] }),
  };
}
