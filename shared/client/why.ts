/** Why work does not run, or not faster. */
import type { EvaluationState } from '../domain/states.ts';

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
}
