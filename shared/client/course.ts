/** How an evaluation went over time. */

export const COURSE_ATTEMPT_STATES = ['running', 'done', 'returned', 'lost', 'crashed', 'over'] as const;
/** `returned`: its agent gave it back; `lost`: its lease ran out; `over`: nothing says how it ended. */
export type CourseAttemptState = (typeof COURSE_ATTEMPT_STATES)[number];

/** The most attempts that can be asked for. */
export const MOST_COURSE_ATTEMPTS = 500;

/** What one model did within each span. */
export interface CourseModel {
  /** '': all others together. */
  model: string;
  /** Samples that were counted; of a judge, its calls. */
  samples: number[];
  inputTokens: number[];
  outputTokens: number[];
  /** Of calls of the model, to about a tenth; 0: there were none. */
  p50Ms: number[];
  p95Ms: number[];
}

/** Samples that errored within each span. */
export interface CourseErrors {
  errorClass: string;
  samples: number[];
}

/** A mean score as it stood at the end of each span. */
export interface CourseScore {
  benchmark: string;
  model: string;
  scorer: string;
  /** Of how many samples; 0: there was none so far. */
  n: number[];
  mean: number[];
  /** Half of the 95 % interval; 0 where n is below 2. */
  halfWidth: number[];
}

/** One granted execution of a task. */
export interface CourseAttempt {
  taskId: string;
  agentId: string;
  /** The agent's name; '' where nobody knows it any more. */
  agent: string;
  model: string;
  fromMs: number;
  /** 0: it is not over, or nobody has seen its end. */
  toMs: number;
  samples: number;
  state: CourseAttemptState;
}

/** Spans of equal width, at most 240 of them; every list has a value for each, the oldest first. */
export interface Course {
  timeMs: number;
  /** When the first span began; 0: nothing was counted so far. */
  fromMs: number;
  widthMs: number;
  spans: number;
  models: CourseModel[];
  errors: CourseErrors[];
  scores: CourseScore[];
  scoresLeftOut: number;
  inFlight: number[];
  agents: number[];
  /** Those that began last come first. */
  attempts: CourseAttempt[];
  attemptsLeftOut: number;
}
