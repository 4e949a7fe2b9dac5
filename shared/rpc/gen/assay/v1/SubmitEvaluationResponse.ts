// Original file: proto/assay/v1/evaluation.proto

import type { Evaluation as _assay_v1_Evaluation, Evaluation__Output as _assay_v1_Evaluation__Output } from '../../assay/v1/Evaluation.ts';
import type { Durability as _assay_v1_Durability, Durability__Output as _assay_v1_Durability__Output } from '../../assay/v1/Durability.ts';

/**
 * It is kept.
 */
export interface SubmitEvaluationResponse {
  /**
   * As it stands now.
   */
  'evaluation'?: (_assay_v1_Evaluation | null);
  /**
   * It had been accepted before under this key.
   */
  'existed'?: (boolean);
  /**
   * How Redis holds it.
   */
  'durability'?: (_assay_v1_Durability | null);
}

/**
 * It is kept.
 */
export interface SubmitEvaluationResponse__Output {
  /**
   * As it stands now.
   */
  'evaluation': (_assay_v1_Evaluation__Output | null);
  /**
   * It had been accepted before under this key.
   */
  'existed': (boolean);
  /**
   * How Redis holds it.
   */
  'durability': (_assay_v1_Durability__Output | null);
}
