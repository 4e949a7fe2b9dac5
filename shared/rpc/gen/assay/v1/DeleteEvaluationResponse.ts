// Original file: proto/assay/v1/evaluation.proto

import type { EvaluationOutcome as _assay_v1_EvaluationOutcome, EvaluationOutcome__Output as _assay_v1_EvaluationOutcome__Output } from '../../assay/v1/EvaluationOutcome.ts';

/**
 * What was done.
 */
export interface DeleteEvaluationResponse {
  /**
   * `changed`: it is gone.
   */
  'outcomes'?: (_assay_v1_EvaluationOutcome)[];
}

/**
 * What was done.
 */
export interface DeleteEvaluationResponse__Output {
  /**
   * `changed`: it is gone.
   */
  'outcomes': (_assay_v1_EvaluationOutcome__Output)[];
}
