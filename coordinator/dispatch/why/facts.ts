/** What is to be known to say why work does not run. Times are milliseconds since the epoch, 0 where unknown. */
import type { Agent } from '../../../shared/client/types.ts';
import type { Route } from '../../../shared/domain/routing.ts';
import type { EvaluationState } from '../../../shared/domain/states.ts';
import type { Returned } from './return-book.ts';

export interface WhyFacts {
  nowMs: number;
  evaluation: EvaluationFacts;
  /** What keeps this coordinator from all work. */
  troubles: Trouble[];
  /** With open samples. */
  routes: RouteFacts[];
  /** Where one task is asked for. */
  task?: TaskFacts;
}

export interface EvaluationFacts {
  /** '': several, as they stand on one route. */
  evaluationId: string;
  namespace: string;
  state: EvaluationState;
  /** As it is shown beside the state. */
  reason: string;
  /** Since when it is in this state. */
  sinceMs: number;
  /** It was cancelled, and what runs is let finish. */
  isDraining: boolean;
  total: number;
  open: number;
  inFlight: number;
  /** Samples in tasks, whether they wait or run. */
  planned: number;
  /** Samples that were closed a second lately. */
  rate: number;
  dead: number;
  /** 1 goes first, 10 last. */
  priority: number;
  /** Tasks that agents may hold of its namespace at once, and those that they hold. */
  bound: { limit: number; tasks: number } | undefined;
  /** What its namespace has cost this day, where that is all that it may (millionths of a dollar). */
  spent: { limit: number; used: number; untilMs: number } | undefined;
  /** 0: no bound of its own. */
  maxSamples: number;
  /** The one that it waits for; '' where it waits for none, or the caller may not know it. */
  waitsFor: string;
}

/** Redis or the store do not do what they are there for. */
export interface Trouble {
  code: 'redis_unavailable' | 'redis_full' | 'redis_unsettled' | 'store_unavailable' | 'store_full';
  text: string;
  /** What Redis or the store itself says. */
  detail?: string;
  remedy: string;
}

/** One route, and what this evaluation has there. */
export interface RouteFacts {
  route: Route;
  /** Samples that are not closed; of them those in tasks that wait, and those that agents hold. */
  open: number;
  queued: number;
  leased: number;
  tasks: { queued: number; leased: number; delayed: number };
  /** Of those that agents hold: what lies with agents that are not connected, until their leases are over. */
  lost: { samples: number; tasks: number; agents: Agent[] };
  /** Since when the oldest task waits. */
  queuedSinceMs: number;
  /** For how long each of the tasks has waited. */
  waitedMs: readonly number[];
  /** When the first of the tasks that were put aside comes back. */
  delayedUntilMs: number;
  /** How the tasks that wait have fared: hand-backs, lost leases, crashes, all together. */
  setbacks: { crashes: number; losses: number; returns: number };
  /** What an agent has said that would not do its tasks, within the last half a minute. */
  returned?: Returned | undefined;
  /** Answers that its judges wait for, and of which models; 0: it waits for none. */
  answers: { open: number; models: string[] };
  paused: { reason: string; atMs: number } | undefined;
  /** All that the caller may know of, and their work where they have no room. */
  agents: Agent[];
  /** By agent that an operator has drained: since when. */
  drainedAtMs: ReadonlyMap<string, number>;
  /** By agent that fits, where all of these are full: what it holds. */
  holds: ReadonlyMap<string, Held>;
  /** Of other evaluations on this route that go first. */
  ahead: { samples: number; evaluationIds: string[]; evaluations: number };
}

/** Attempts that an agent holds. */
export interface Held {
  own: number;
  /** Those that the caller may know. */
  others: number;
  /** It holds some that the caller may not know. */
  hasMore: boolean;
  /** All that it has in hand; undefined: some of it may be for namespaces that the caller may not know. */
  samples: number | undefined;
  /** Of others, those that the caller may know. */
  evaluationIds: string[];
}

export type TaskFacts = { taskId: string; route: string; open: number; sinceMs: number } & (
  | { state: 'queued'; /** Not before; 0: at once. */ untilMs: number; avoids: string[] }
  | { state: 'leased'; agentId: string }
  | { state: 'unqueued' }
  | { state: 'dead' }
  /** Its samples are closed, or in other tasks. */
  | { state: 'over' }
);
