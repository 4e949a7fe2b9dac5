// Original file: proto/assay/v1/evaluation.proto

import type { Evaluation as _assay_v1_Evaluation, Evaluation__Output as _assay_v1_Evaluation__Output } from '../../assay/v1/Evaluation.ts';
import type { Durability as _assay_v1_Durability, Durability__Output as _assay_v1_Durability__Output } from '../../assay/v1/Durability.ts';

/**
 * The change is in effect.
 */
export interface UpdateEvaluationResponse {
  /**
   * As it stands now.
   */
  'evaluation'?: (_assay_v1_Evaluation | null);
  /**
   * How Redis holds it.
   */
  'durability'?: (_assay_v1_Durability | null);
}

/**
 * The change is in effect.
 */
export interface UpdateEvaluationResponse__Output {
  /**
   * As it stands now.
   */
  'evaluation': (_assay_v1_Evaluation__Output | null);
  /**
   * How Redis holds it.
   */
  'durability': (_assay_v1_Durability__Output | null);
}
