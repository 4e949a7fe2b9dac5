// Original file: proto/assay/v1/evaluation.proto

import type { EvaluationFilter as _assay_v1_EvaluationFilter, EvaluationFilter__Output as _assay_v1_EvaluationFilter__Output } from '../../assay/v1/EvaluationFilter.ts';

/**
 * Exactly one of evaluation_id and filter.
 */
export interface ResumeEvaluationRequest {
  /**
   * Either one …
   */
  'evaluationId'?: (string);
  /**
   * … or all of these that are paused.
   */
  'filter'?: (_assay_v1_EvaluationFilter | null);
  /**
   * At most 1000 characters.
   */
  'reason'?: (string);
}

/**
 * Exactly one of evaluation_id and filter.
 */
export interface ResumeEvaluationRequest__Output {
  /**
   * Either one …
   */
  'evaluationId': (string);
  /**
   * … or all of these that are paused.
   */
  'filter': (_assay_v1_EvaluationFilter__Output | null);
  /**
   * At most 1000 characters.
   */
  'reason': (string);
}
