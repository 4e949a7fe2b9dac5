// Original file: proto/assay/v1/operator.proto

import type { Long } from '@grpc/proto-loader';

/**
 * An evaluation that retention has removed.
 */
export interface RemovedEvaluation {
  /**
   * Which one it was.
   */
  'evaluationId'?: (string);
  /**
   * When.
   */
  'atMs'?: (number | string | Long);
  /**
   * The bound that it broke, in words.
   */
  'reason'?: (string);
}

/**
 * An evaluation that retention has removed.
 */
export interface RemovedEvaluation__Output {
  /**
   * Which one it was.
   */
  'evaluationId': (string);
  /**
   * When.
   */
  'atMs': (string);
  /**
   * The bound that it broke, in words.
   */
  'reason': (string);
}
