// Original file: proto/assay/v1/evaluation.proto

import type { EvaluationState as _assay_v1_EvaluationState, EvaluationState__Output as _assay_v1_EvaluationState__Output } from '../../assay/v1/EvaluationState.ts';

/**
 * It has entered another state.
 */
export interface StateChange {
  /**
   * The new one.
   */
  'state'?: (_assay_v1_EvaluationState);
  /**
   * Why, when that is not obvious.
   */
  'reason'?: (string);
}

/**
 * It has entered another state.
 */
export interface StateChange__Output {
  /**
   * The new one.
   */
  'state': (_assay_v1_EvaluationState__Output);
  /**
   * Why, when that is not obvious.
   */
  'reason': (string);
}
