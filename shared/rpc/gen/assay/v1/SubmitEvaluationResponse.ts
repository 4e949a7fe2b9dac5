// Original file: proto/assay/v1/evaluation.proto

import type { Evaluation as _assay_v1_Evaluation, Evaluation__Output as _assay_v1_Evaluation__Output } from '../../assay/v1/Evaluation.ts';

export interface SubmitEvaluationResponse {
  'evaluation'?: (_assay_v1_Evaluation | null);
  /**
   * It had been accepted before under this key.
   */
  'existed'?: (boolean);
}

export interface SubmitEvaluationResponse__Output {
  'evaluation': (_assay_v1_Evaluation__Output | null);
  /**
   * It had been accepted before under this key.
   */
  'existed': (boolean);
}
