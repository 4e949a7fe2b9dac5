// Original file: proto/assay/v1/evaluation.proto

import type { EvaluationState as _assay_v1_EvaluationState, EvaluationState__Output as _assay_v1_EvaluationState__Output } from '../../assay/v1/EvaluationState.ts';
import type { EvaluationOutcome as _assay_v1_EvaluationOutcome, EvaluationOutcome__Output as _assay_v1_EvaluationOutcome__Output } from '../../assay/v1/EvaluationOutcome.ts';

/**
 * What was done.
 */
export interface CancelEvaluationResponse {
  /**
   * Of the one evaluation that was named.
   */
  'state'?: (_assay_v1_EvaluationState);
  /**
   * One for each evaluation that was meant.
   */
  'outcomes'?: (_assay_v1_EvaluationOutcome)[];
}

/**
 * What was done.
 */
export interface CancelEvaluationResponse__Output {
  /**
   * Of the one evaluation that was named.
   */
  'state': (_assay_v1_EvaluationState__Output);
  /**
   * One for each evaluation that was meant.
   */
  'outcomes': (_assay_v1_EvaluationOutcome__Output)[];
}
