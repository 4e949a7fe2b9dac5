// Original file: proto/assay/v1/evaluation.proto

import type { EvaluationState as _assay_v1_EvaluationState, EvaluationState__Output as _assay_v1_EvaluationState__Output } from '../../assay/v1/EvaluationState.ts';

export interface StateChange {
  'state'?: (_assay_v1_EvaluationState);
  'reason'?: (string);
}

export interface StateChange__Output {
  'state': (_assay_v1_EvaluationState__Output);
  'reason': (string);
}
