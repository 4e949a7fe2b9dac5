// Original file: proto/assay/v1/evaluation.proto

import type { EvaluationState as _assay_v1_EvaluationState, EvaluationState__Output as _assay_v1_EvaluationState__Output } from '../../assay/v1/EvaluationState.ts';
import type { Durability as _assay_v1_Durability, Durability__Output as _assay_v1_Durability__Output } from '../../assay/v1/Durability.ts';

/**
 * What a command did to one evaluation.
 */
export interface EvaluationOutcome {
  /**
   * Which evaluation.
   */
  'evaluationId'?: (string);
  /**
   * Its state afterwards.
   */
  'state'?: (_assay_v1_EvaluationState);
  /**
   * The command changed it; otherwise it was so already, or its state does not allow it (then `problem` says why).
   */
  'changed'?: (boolean);
  /**
   * Why nothing was done; empty if there is nothing to say.
   */
  'problem'?: (string);
  /**
   * How Redis holds it; absent where the command failed.
   */
  'durability'?: (_assay_v1_Durability | null);
}

/**
 * What a command did to one evaluation.
 */
export interface EvaluationOutcome__Output {
  /**
   * Which evaluation.
   */
  'evaluationId': (string);
  /**
   * Its state afterwards.
   */
  'state': (_assay_v1_EvaluationState__Output);
  /**
   * The command changed it; otherwise it was so already, or its state does not allow it (then `problem` says why).
   */
  'changed': (boolean);
  /**
   * Why nothing was done; empty if there is nothing to say.
   */
  'problem': (string);
  /**
   * How Redis holds it; absent where the command failed.
   */
  'durability': (_assay_v1_Durability__Output | null);
}
