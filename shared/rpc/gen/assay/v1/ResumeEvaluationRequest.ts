// Original file: proto/assay/v1/evaluation.proto

import type { EvaluationFilter as _assay_v1_EvaluationFilter, EvaluationFilter__Output as _assay_v1_EvaluationFilter__Output } from '../../assay/v1/EvaluationFilter.ts';
import type { Durability as _assay_v1_Durability, Durability__Output as _assay_v1_Durability__Output } from '../../assay/v1/Durability.ts';

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
  /**
   * What Redis must reach before the answer; absent: what the coordinator is set to.
   */
  'requiredDurability'?: (_assay_v1_Durability | null);
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
  /**
   * What Redis must reach before the answer; absent: what the coordinator is set to.
   */
  'requiredDurability': (_assay_v1_Durability__Output | null);
}
