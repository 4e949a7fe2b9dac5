// Original file: proto/assay/v1/evaluation.proto

import type { EvaluationFilter as _assay_v1_EvaluationFilter, EvaluationFilter__Output as _assay_v1_EvaluationFilter__Output } from '../../assay/v1/EvaluationFilter.ts';

/**
 * One page of a list.
 */
export interface ListEvaluationsRequest {
  /**
   * Which ones; absent: all of the namespace "default".
   */
  'filter'?: (_assay_v1_EvaluationFilter | null);
  /**
   * 0 … 1000; 0 means 50.
   */
  'pageSize'?: (number);
  /**
   * From the page before; empty: the first page.
   */
  'pageToken'?: (string);
}

/**
 * One page of a list.
 */
export interface ListEvaluationsRequest__Output {
  /**
   * Which ones; absent: all of the namespace "default".
   */
  'filter': (_assay_v1_EvaluationFilter__Output | null);
  /**
   * 0 … 1000; 0 means 50.
   */
  'pageSize': (number);
  /**
   * From the page before; empty: the first page.
   */
  'pageToken': (string);
}
