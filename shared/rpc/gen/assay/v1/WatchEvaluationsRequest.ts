// Original file: proto/assay/v1/evaluation.proto

import type { EvaluationFilter as _assay_v1_EvaluationFilter, EvaluationFilter__Output as _assay_v1_EvaluationFilter__Output } from '../../assay/v1/EvaluationFilter.ts';

/**
 * The beginning of a list that is to be told as it changes.
 */
export interface WatchEvaluationsRequest {
  /**
   * Which ones; absent: all of the namespace "default".
   */
  'filter'?: (_assay_v1_EvaluationFilter | null);
  /**
   * So many of the newest; 0 … 200; 0 means 50.
   */
  'size'?: (number);
}

/**
 * The beginning of a list that is to be told as it changes.
 */
export interface WatchEvaluationsRequest__Output {
  /**
   * Which ones; absent: all of the namespace "default".
   */
  'filter': (_assay_v1_EvaluationFilter__Output | null);
  /**
   * So many of the newest; 0 … 200; 0 means 50.
   */
  'size': (number);
}
