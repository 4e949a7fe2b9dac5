// Original file: proto/assay/v1/evaluation.proto

import type { Evaluation as _assay_v1_Evaluation, Evaluation__Output as _assay_v1_Evaluation__Output } from '../../assay/v1/Evaluation.ts';

export interface GetEvaluationResponse {
  'evaluation'?: (_assay_v1_Evaluation | null);
}

export interface GetEvaluationResponse__Output {
  'evaluation': (_assay_v1_Evaluation__Output | null);
}
