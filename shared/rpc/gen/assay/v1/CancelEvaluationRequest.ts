// Original file: proto/assay/v1/evaluation.proto

import type { CancelMode as _assay_v1_CancelMode, CancelMode__Output as _assay_v1_CancelMode__Output } from '../../assay/v1/CancelMode.ts';
import type { EvaluationFilter as _assay_v1_EvaluationFilter, EvaluationFilter__Output as _assay_v1_EvaluationFilter__Output } from '../../assay/v1/EvaluationFilter.ts';
import type { Durability as _assay_v1_Durability, Durability__Output as _assay_v1_Durability__Output } from '../../assay/v1/Durability.ts';

/**
 * Exactly one of evaluation_id and filter.
 */
export interface CancelEvaluationRequest {
  /**
   * Either one …
   */
  'evaluationId'?: (string);
  /**
   * At most 1000 characters.
   */
  'reason'?: (string);
  /**
   * What becomes of running samples.
   */
  'mode'?: (_assay_v1_CancelMode);
  /**
   * … or all of these that are not final.
   */
  'filter'?: (_assay_v1_EvaluationFilter | null);
  /**
   * What Redis must reach before the answer; absent: what the coordinator is set to.
   */
  'requiredDurability'?: (_assay_v1_Durability | null);
}

/**
 * Exactly one of evaluation_id and filter.
 */
export interface CancelEvaluationRequest__Output {
  /**
   * Either one …
   */
  'evaluationId': (string);
  /**
   * At most 1000 characters.
   */
  'reason': (string);
  /**
   * What becomes of running samples.
   */
  'mode': (_assay_v1_CancelMode__Output);
  /**
   * … or all of these that are not final.
   */
  'filter': (_assay_v1_EvaluationFilter__Output | null);
  /**
   * What Redis must reach before the answer; absent: what the coordinator is set to.
   */
  'requiredDurability': (_assay_v1_Durability__Output | null);
}
