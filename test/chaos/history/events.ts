/**
 * The history of a run: what every part of it saw, in one file of JSON lines, and all that the checker knows. Parts log by themselves, from
 * outside the production code. `t` is in ms of the monotonic clock of the one host; of a call, `t0` is when it was asked and `t` when it was answered, so
 * that "A was over before B began" can be said of calls of different processes.
 */
import type { EvaluationState, UnitState } from '../../../shared/domain/states.ts';

interface At {
  t: number;
  /** `client`, `watcher one`, `agent a`, `coordinator 1`, `model`, `nemesis`, `final`. */
  who: string;
}
interface Asked {
  t0: number;
}

export type Operation = 'submit' | 'cancel' | 'pause' | 'resume' | 'skip' | 'requeue' | 'delete' | 'get';

/** info: no answer says whether it was done. */
export type ClientEvent = At &
  (
    | { what: 'invoke'; call: number; op: Operation; evaluation?: string; key?: string; spec?: string; samples?: number; units?: number[] }
    /** replicas: as many were demanded to have it. */
    | { what: 'ok'; call: number; op: Operation; evaluation: string; state: EvaluationState; existed?: boolean; replicas?: number }
    | { what: 'fail' | 'info'; call: number; op: Operation; code: string }
  );

/**
 * `watch`: a stream was asked for from a cursor; `told`: one event of it; `watched`: it came to its end; `stopped`: its watcher was told to go;
 * `broke`: it failed.
 */
export type WatchLogEvent = At & { evaluation: string } & (
    | { what: 'watch'; cursor: string }
    | {
        what: 'told';
        cursor: string;
        kind: 'snapshot' | 'progress' | 'state';
        state?: EvaluationState;
        resync?: boolean;
        /** What it said, to be held against what others were told. */
        body: string;
      }
    | { what: 'watched' }
    | { what: 'stopped' }
    | { what: 'broke'; code: string }
  );

export type AgentEvent = At &
  /** A stream was opened; it ended. */
  (
    | { what: 'welcomed' | 'parted' }
    | { what: 'taken'; evaluation: string; attempt: string; task: string; units: number[] }
    | { what: 'begun'; attempt: string; unit: number }
    | { what: 'finished'; attempt: string; unit: number; digest: string }
    | { what: 'spooled'; attempt: string; unit: number }
    | { what: 'sent'; attempt: string; units: number[] }
    /** Results; that what was spared is known, is no event. */
    | { what: 'acked'; attempt: string; units: number[]; lost: boolean }
    /** Units that it has not begun, let go of for others. */
    | { what: 'spared'; attempt: string; units: number[] }
    | { what: 'lost'; attempts: string[]; why: string }
    /** It has stood still for so long that its leases may be over: it gives up all that it holds. */
    | { what: 'fenced'; why: string }
  );

export type CoordinatorEvent = At & { evaluation: string } & (
    | (Asked & { what: 'granted'; sequence: number; attempt: string; agent: string; grant: number; units: number[] })
    | (Asked & { what: 'stored'; attempt: string; agent: string; grant: number; units: number[]; digests: string[] })
    | (Asked & { what: 'committed'; attempt: string; agent: string; units: number[]; refused: number[]; late: number[]; state: string })
    /** Before the answer is known: it may be done although nobody hears of it. */
    | { what: 'releasing'; sequence: number; kind: string; attempt: string }
    | (Asked & { what: 'released'; sequence: number; kind: string; attempt: string; answer: string })
    /** Before the answer is known, as `releasing`. */
    | { what: 'sparing'; attempt: string; units: number[] }
    | (Asked & { what: 'restored'; units: number[] })
    | (Asked & { what: 'controlled'; action: string; done: boolean; state: string })
    | (Asked & { what: 'reopened'; units: number[] })
    /** A ledger where there was none, or, `anew`, in the place of one that has missed a requeue. */
    | (Asked & { what: 'made'; generation: number; anew: boolean })
  );

/** Of leases, by their attempts: those that were renewed; those that were found to have run out. */
export type LeaseEvent = At & Asked & { what: 'renewed' | 'looked'; attempts: string[] };

/** A look at a replica of Redis: the state that it has of an evaluation, '' if it does not know it. */
export type ReplicaEvent = At & { what: 'replica'; evaluation: string; state: string };

/** What the run was set up with; and, `slept`, that a timer of the test itself came so late: the machine had no time for anybody. */
export type RunEvent = At & ({ what: 'began'; leaseMs: number } | { what: 'slept'; ms: number });

export type ModelEvent = At & { evaluation: string; unit: number } & ({ what: 'called' } | { what: 'answered'; ok: boolean });

/** `begin` and `end` of a fault; `up`: what was down is there again. */
export type FaultEvent = At & { what: 'fault'; kind: string; target: string; phase: 'begin' | 'end' };

export interface FinalResult {
  unit: number;
  attempt: string;
  agent: string;
  grant: number;
  digest: string;
}

/** The last look, when nothing is under way any more. */
export type FinalEvent = At &
  (
    | {
        what: 'evaluation';
        evaluation: string;
        key: string;
        state: EvaluationState;
        counts: Record<'total' | 'scored' | 'unscored' | 'errored' | 'cancelled' | 'dead', number>;
        /** By the served results. */
        served: { unit: number; state: UnitState; value: number | null }[];
        /** By the store's winning frames. */
        stored: FinalResult[];
        /** Right answers by the report. */
        correct: number;
      }
    /** These are over; their watchers have their time from here on. */
    | { what: 'over'; evaluations: string[] }
    | { what: 'left'; leases: number; jobs: number; tasks: number; open: string[] }
  );

export type HistoryEvent =
  | ClientEvent
  | WatchLogEvent
  | AgentEvent
  | CoordinatorEvent
  | LeaseEvent
  | ReplicaEvent
  | RunEvent
  | ModelEvent
  | FaultEvent
  | FinalEvent;
export type EventOf<W extends HistoryEvent['what'], E = HistoryEvent> = E extends { what: infer X } ? (W extends X ? E : never) : never;
