// Original file: proto/assay/v1/operator.proto

import type { Long } from '@grpc/proto-loader';

/**
 * Bounds of what is kept; those that are absent do not bind. The evaluations that finished first go first.
 */
export interface RetentionPolicy {
  /**
   * Time since the end.
   */
  'keepMs'?: (number | string | Long);
  /**
   * Finished evaluations.
   */
  'keepEvaluations'?: (number | string | Long);
  /**
   * Bytes of finished evaluations together.
   */
  'keepBytes'?: (number | string | Long);
  '_keepMs'?: "keepMs";
  '_keepEvaluations'?: "keepEvaluations";
  '_keepBytes'?: "keepBytes";
}

/**
 * Bounds of what is kept; those that are absent do not bind. The evaluations that finished first go first.
 */
export interface RetentionPolicy__Output {
  /**
   * Time since the end.
   */
  'keepMs'?: (string);
  /**
   * Finished evaluations.
   */
  'keepEvaluations'?: (string);
  /**
   * Bytes of finished evaluations together.
   */
  'keepBytes'?: (string);
  '_keepMs'?: "keepMs";
  '_keepEvaluations'?: "keepEvaluations";
  '_keepBytes'?: "keepBytes";
}
