/** Who has worked on a sample, and when. */
import type { UnitState } from '../domain/states.ts';
import type { CourseAttemptState } from './course.ts';

export const SAMPLE_ATTEMPT_RESULTS = ['none', 'counts', 'refused'] as const;

/** One granted execution of a task that a sample was in; times are those of Redis. */
export interface SampleAttempt {
  attemptId: string;
  taskId: string;
  agentId: string;
  /** The agent's name; '' where nobody knows it any more. */
  agent: string;
  /** In the queue before it; undefined: nobody knows. */
  waitedMs?: number | undefined;
  fromMs: number;
  /** Of all of its samples; 0: it is not over, or nobody has seen its end. */
  toMs: number;
  state: CourseAttemptState;
  samples: number;
  /** What came of it for this sample. */
  result: (typeof SAMPLE_ATTEMPT_RESULTS)[number];
}

/** A judge's call about the answer of a sample. */
export interface SampleJudgeCall {
  unit: number;
  model: string;
  scorer: string;
  agentId: string;
  state: UnitState;
  startedAtMs: number;
  modelMs: number;
  totalMs: number;
}
