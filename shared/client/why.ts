/** Why work does not run, or not faster. */
import type { EvaluationState } from '../domain/states.ts';
import type { AgentState, RouteStatus } from './types.ts';

/** What a reason does to the work that it is about: `runs` is none, but what to compare the others with. */
export const REASON_EFFECTS = ['blocks', 'runs', 'slows', 'over'] as const;
export type ReasonEffect = (typeof REASON_EFFECTS)[number];

/** An evaluation, or one task of it. */
export type WhySubject = { evaluationId: string } | { taskId: string };

/** Times are 0, and texts empty, where they are not known or do not apply. */
export interface Reason {
  /** docs/why.md lists them. */
  code: string;
  effect: ReasonEffect;
  /** For people, one sentence. */
  text: string;
  samples: number;
  tasks: number;
  sinceMs: number;
  /** When it will be otherwise by itself. */
  untilMs: number;
  /** What would change it, half a sentence, and the command that does. */
  remedy: string;
  command: string;
  /** The route that it is about; '': all of the work. */
  route: string;
  requirement: string;
  /** The first ones by name. */
  agents: ReasonAgent[];
  agentCount: number;
  /** Other evaluations that are the reason. */
  evaluationIds: string[];
}

export interface ReasonAgent {
  agentId: string;
  name: string;
  text: string;
  sinceMs: number;
}

export interface Why {
  timeMs: number;
  evaluationId: string;
  /** '': it was the evaluation that was asked for. */
  taskId: string;
  state: EvaluationState;
  open: number;
  inFlight: number;
  /** Samples that were closed a second within the last minute, about. */
  rate: number;
  /** What matters most comes first; never empty. */
  reasons: Reason[];
  /** Where it was asked for: what the first one was before. */
  history?: WhyHistory;
}

/** For how long one reason was the first one. */
export interface ReasonPeriod {
  code: string;
  effect: ReasonEffect;
  text: string;
  route: string;
  requirement: string;
  samples: number;
  sinceMs: number;
  untilMs: number;
  /** How often it was seen. */
  looks: number;
  /** The first five. */
  agents: ReasonAgent[];
  agentCount: number;
}

/** How often, and for how long, a reason was the first one. */
export interface ReasonTotal {
  code: string;
  effect: ReasonEffect;
  route: string;
  times: number;
  totalMs: number;
}

/** What the first reason was, as coordinators saw it every few seconds. */
export interface WhyHistory {
  /** The first look; 0: nobody has looked yet. */
  sinceMs: number;
  /** The newest one first, at most 100. */
  periods: ReasonPeriod[];
  /** The longest one first, over all of the time. */
  totals: ReasonTotal[];
}

/** Why the work of a route does not run, or not faster. */
export interface WhyRoute {
  timeMs: number;
  route: RouteStatus;
  /** What matters most comes first; never empty. */
  reasons: Reason[];
  /** Those that fit first, then those that lack least; at most 100. */
  agents: RouteAgent[];
  agentCount: number;
  /** Of tasks that wait now, and of those that agents were given within the last hour. */
  waiting: Waits;
  waited: Waits;
  history?: WhyHistory;
}

/** An agent, and why it does not take work of a route. */
export interface RouteAgent {
  agentId: string;
  name: string;
  state: AgentState;
  fits: boolean;
  room: number;
  samples: number;
  text: string;
}

/** How long tasks wait; all 0: there are none. */
export interface Waits {
  tasks: number;
  p50Ms: number;
  p90Ms: number;
  p99Ms: number;
  maxMs: number;
}
