// Original file: proto/assay/v1/evaluation.proto

import type { Evaluation as _assay_v1_Evaluation, Evaluation__Output as _assay_v1_Evaluation__Output } from '../../assay/v1/Evaluation.ts';

/**
 * There is one.
 */
export interface GetEvaluationResponse {
  /**
   * As it stands now, with its spec.
   */
  'evaluation'?: (_assay_v1_Evaluation | null);
}

/**
 * There is one.
 */
export interface GetEvaluationResponse__Output {
  /**
   * As it stands now, with its spec.
   */
  'evaluation': (_assay_v1_Evaluation__Output | null);
}
