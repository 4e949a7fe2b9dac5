// Original file: proto/assay/v1/evaluation.proto

import type { CourseAttemptState as _assay_v1_CourseAttemptState, CourseAttemptState__Output as _assay_v1_CourseAttemptState__Output } from '../../assay/v1/CourseAttemptState.ts';
import type { SampleAttemptResult as _assay_v1_SampleAttemptResult, SampleAttemptResult__Output as _assay_v1_SampleAttemptResult__Output } from '../../assay/v1/SampleAttemptResult.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * One granted execution of a task that a sample was in.
 */
export interface SampleAttempt {
  /**
   * Its random id.
   */
  'attemptId'?: (string);
  /**
   * The task.
   */
  'taskId'?: (string);
  /**
   * The agent that it was given to.
   */
  'agentId'?: (string);
  /**
   * The name of that agent; empty where nobody knows it any more.
   */
  'agent'?: (string);
  /**
   * How long the task had waited in its queue when it was given out; absent: nobody knows.
   */
  'waitedMs'?: (number | string);
  /**
   * When it was granted.
   */
  'fromMs'?: (number | string | Long);
  /**
   * When it was over, for all of its samples; 0: it is not, or nobody has seen its end.
   */
  'toMs'?: (number | string | Long);
  /**
   * How it goes, or went.
   */
  'state'?: (_assay_v1_CourseAttemptState);
  /**
   * Samples that it was granted for.
   */
  'samples'?: (number);
  /**
   * What came of it for this sample.
   */
  'result'?: (_assay_v1_SampleAttemptResult);
  '_waitedMs'?: "waitedMs";
}

/**
 * One granted execution of a task that a sample was in.
 */
export interface SampleAttempt__Output {
  /**
   * Its random id.
   */
  'attemptId': (string);
  /**
   * The task.
   */
  'taskId': (string);
  /**
   * The agent that it was given to.
   */
  'agentId': (string);
  /**
   * The name of that agent; empty where nobody knows it any more.
   */
  'agent': (string);
  /**
   * How long the task had waited in its queue when it was given out; absent: nobody knows.
   */
  'waitedMs'?: (number);
  /**
   * When it was granted.
   */
  'fromMs': (string);
  /**
   * When it was over, for all of its samples; 0: it is not, or nobody has seen its end.
   */
  'toMs': (string);
  /**
   * How it goes, or went.
   */
  'state': (_assay_v1_CourseAttemptState__Output);
  /**
   * Samples that it was granted for.
   */
  'samples': (number);
  /**
   * What came of it for this sample.
   */
  'result': (_assay_v1_SampleAttemptResult__Output);
  '_waitedMs'?: "waitedMs";
}
