// Original file: proto/assay/v1/books.proto

import type { EvaluationState as _assay_v1_EvaluationState, EvaluationState__Output as _assay_v1_EvaluationState__Output } from '../../assay/v1/EvaluationState.ts';
import type { Counts as _assay_v1_Counts, Counts__Output as _assay_v1_Counts__Output } from '../../assay/v1/Counts.ts';
import type { Durability as _assay_v1_Durability, Durability__Output as _assay_v1_Durability__Output } from '../../assay/v1/Durability.ts';

/**
 * What was found and done.
 */
export interface RecoverEvaluationResponse {
  /**
   * Which evaluation.
   */
  'evaluationId'?: (string);
  /**
   * Afterwards. A final one is served from the store from now on.
   */
  'state'?: (_assay_v1_EvaluationState);
  /**
   * What Redis had counted before; absent: it knew nothing of the evaluation, or nothing that makes sense.
   */
  'before'?: (_assay_v1_Counts | null);
  /**
   * What is counted now.
   */
  'after'?: (_assay_v1_Counts | null);
  /**
   * The generation that the recovery has claimed; 0: none was needed.
   */
  'generation'?: (number);
  /**
   * How Redis holds it.
   */
  'durability'?: (_assay_v1_Durability | null);
}

/**
 * What was found and done.
 */
export interface RecoverEvaluationResponse__Output {
  /**
   * Which evaluation.
   */
  'evaluationId': (string);
  /**
   * Afterwards. A final one is served from the store from now on.
   */
  'state': (_assay_v1_EvaluationState__Output);
  /**
   * What Redis had counted before; absent: it knew nothing of the evaluation, or nothing that makes sense.
   */
  'before': (_assay_v1_Counts__Output | null);
  /**
   * What is counted now.
   */
  'after': (_assay_v1_Counts__Output | null);
  /**
   * The generation that the recovery has claimed; 0: none was needed.
   */
  'generation': (number);
  /**
   * How Redis holds it.
   */
  'durability': (_assay_v1_Durability__Output | null);
}
