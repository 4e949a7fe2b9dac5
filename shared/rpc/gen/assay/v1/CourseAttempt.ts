// Original file: proto/assay/v1/course.proto

import type { CourseAttemptState as _assay_v1_CourseAttemptState, CourseAttemptState__Output as _assay_v1_CourseAttemptState__Output } from '../../assay/v1/CourseAttemptState.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * One granted execution of a task.
 */
export interface CourseAttempt {
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
   * The model.
   */
  'model'?: (string);
  /**
   * When it was granted.
   */
  'fromMs'?: (number | string | Long);
  /**
   * When it was over; 0: it is not, or nobody has seen its end.
   */
  'toMs'?: (number | string | Long);
  /**
   * Samples that it was granted for.
   */
  'samples'?: (number);
  /**
   * How it goes, or went.
   */
  'state'?: (_assay_v1_CourseAttemptState);
}

/**
 * One granted execution of a task.
 */
export interface CourseAttempt__Output {
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
   * The model.
   */
  'model': (string);
  /**
   * When it was granted.
   */
  'fromMs': (string);
  /**
   * When it was over; 0: it is not, or nobody has seen its end.
   */
  'toMs': (string);
  /**
   * Samples that it was granted for.
   */
  'samples': (number);
  /**
   * How it goes, or went.
   */
  'state': (_assay_v1_CourseAttemptState__Output);
}
