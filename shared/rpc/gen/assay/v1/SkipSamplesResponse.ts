// Original file: proto/assay/v1/evaluation.proto

import type { EvaluationState as _assay_v1_EvaluationState, EvaluationState__Output as _assay_v1_EvaluationState__Output } from '../../assay/v1/EvaluationState.ts';
import type { Durability as _assay_v1_Durability, Durability__Output as _assay_v1_Durability__Output } from '../../assay/v1/Durability.ts';

/**
 * What was done.
 */
export interface SkipSamplesResponse {
  /**
   * Units that were closed.
   */
  'skipped'?: (number);
  /**
   * The evaluation's state afterwards.
   */
  'state'?: (_assay_v1_EvaluationState);
  /**
   * How Redis holds it.
   */
  'durability'?: (_assay_v1_Durability | null);
}

/**
 * What was done.
 */
export interface SkipSamplesResponse__Output {
  /**
   * Units that were closed.
   */
  'skipped': (number);
  /**
   * The evaluation's state afterwards.
   */
  'state': (_assay_v1_EvaluationState__Output);
  /**
   * How Redis holds it.
   */
  'durability': (_assay_v1_Durability__Output | null);
}
