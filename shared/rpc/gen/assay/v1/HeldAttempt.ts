// Original file: proto/assay/v1/operator.proto

import type { Long } from '@grpc/proto-loader';

/**
 * An attempt that an agent holds.
 */
export interface HeldAttempt {
  /**
   * 32 hex digits.
   */
  'attemptId'?: (string);
  /**
   * The evaluation that it belongs to.
   */
  'evaluationId'?: (string);
  /**
   * The task that it executes.
   */
  'taskId'?: (string);
  /**
   * The route's id.
   */
  'route'?: (string);
  /**
   * Units of it that are open.
   */
  'samples'?: (number);
  /**
   * When it was granted.
   */
  'sinceMs'?: (number | string | Long);
}

/**
 * An attempt that an agent holds.
 */
export interface HeldAttempt__Output {
  /**
   * 32 hex digits.
   */
  'attemptId': (string);
  /**
   * The evaluation that it belongs to.
   */
  'evaluationId': (string);
  /**
   * The task that it executes.
   */
  'taskId': (string);
  /**
   * The route's id.
   */
  'route': (string);
  /**
   * Units of it that are open.
   */
  'samples': (number);
  /**
   * When it was granted.
   */
  'sinceMs': (string);
}
