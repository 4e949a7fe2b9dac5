// Original file: proto/assay/v1/evaluation.proto

import type { EvaluationOutcome as _assay_v1_EvaluationOutcome, EvaluationOutcome__Output as _assay_v1_EvaluationOutcome__Output } from '../../assay/v1/EvaluationOutcome.ts';

/**
 * What was done.
 */
export interface PauseEvaluationResponse {
  /**
   * One for each evaluation that was meant.
   */
  'outcomes'?: (_assay_v1_EvaluationOutcome)[];
}

/**
 * What was done.
 */
export interface PauseEvaluationResponse__Output {
  /**
   * One for each evaluation that was meant.
   */
  'outcomes': (_assay_v1_EvaluationOutcome__Output)[];
}
