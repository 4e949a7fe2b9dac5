/** What took place in a simulated world, as those outside of Assay saw it. The checks are made of nothing else and of what is left in the end. */
import type { WatchEvent } from '../../shared/client/types.ts';
import type { EvaluationState } from '../../shared/domain/states.ts';

/** How a call ended: `info`: nobody knows whether it was done. */
export type Outcome = 'ok' | 'fail' | 'info';

export interface Invocation {
  what: 'submit' | 'cancel' | 'pause' | 'resume' | 'skip' | 'requeue';
  key: string;
  evaluationId: string;
  beganAt: number;
  endedAt: number;
  outcome: Outcome;
  code: string;
  /** Of a command that was answered: what it says of the evaluation, and whether it was this call that changed it. */
  answer?: { state: EvaluationState; changed: boolean };
  /** Of a cancel. */
  mode?: 'abort' | 'drain';
}

/** What a course should reach now and then, or its checks check nothing: how often it did. */
export interface Reached {
  expired: number;
  spared: number;
  died: number;
  recovered: number;
  /** A notice that a coordinator lived to hear, and did not: its subscription was not back. */
  missed: number;
  /** A call ended before its time, because nobody wanted it any more. */
  stopped: number;
}

export interface ModelCall {
  at: number;
  agent: string;
  /** `key/unit` */
  unit: string;
  /** Undefined: it is under way, or its process has died over it. */
  endedAt: number | undefined;
  ok: boolean;
}

export interface Watched {
  key: string;
  /** Also over broken connections: each watch began with the cursor of the last event of the one before. */
  events: WatchEvent[];
  /** The final event came. */
  isOver: boolean;
}

export class History {
  readonly invocations: Invocation[] = [];
  readonly calls: ModelCall[] = [];
  /** `key/unit` → when it was first acknowledged as counted, or as known to be closed. */
  readonly acked = new Map<string, number>();
  /** Attempts assigned to agents: attempt → agent, task, units, when. */
  readonly grants = new Map<string, { agent: string; evaluationId: string; taskId: string; units: number[]; at: number }>();
  /** Of each evaluation that is going to be submitted. */
  readonly namespaces = new Map<string, string>();
  readonly watches: Watched[] = [];
  /** Faults by kind. */
  readonly faults: Record<string, number> = {};
  /** When something was last commanded to run again, by key. */
  readonly requeued = new Map<string, number>();

  /** What Redis has granted, in that order. */
  readonly granted: { at: number; evaluationId: string; attempt: string; units: number[] }[] = [];
  /** Agents that were killed. */
  readonly deaths: { agent: string; at: number }[] = [];
  readonly reached: Reached = { expired: 0, spared: 0, died: 0, recovered: 0, missed: 0, stopped: 0 };
  /** What was found wrong while it took place. */
  readonly problems: string[] = [];

  reach(what: keyof Reached): void {
    this.reached[what]++;
  }

  problem(name: string, text: string): void {
    this.problems.push(`${name} ${text}`);
  }

  fault(kind: string): void {
    this.faults[kind] = (this.faults[kind] ?? 0) + 1;
  }
}
