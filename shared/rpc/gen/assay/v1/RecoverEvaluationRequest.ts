// Original file: proto/assay/v1/books.proto

import type { Durability as _assay_v1_Durability, Durability__Output as _assay_v1_Durability__Output } from '../../assay/v1/Durability.ts';

/**
 * Which ledger is to be made anew.
 */
export interface RecoverEvaluationRequest {
  /**
   * Which evaluation.
   */
  'evaluationId'?: (string);
  /**
   * Why; at most 1000 characters, for the log.
   */
  'reason'?: (string);
  /**
   * What Redis must reach before the answer; absent: what the coordinator is set to.
   */
  'requiredDurability'?: (_assay_v1_Durability | null);
}

/**
 * Which ledger is to be made anew.
 */
export interface RecoverEvaluationRequest__Output {
  /**
   * Which evaluation.
   */
  'evaluationId': (string);
  /**
   * Why; at most 1000 characters, for the log.
   */
  'reason': (string);
  /**
   * What Redis must reach before the answer; absent: what the coordinator is set to.
   */
  'requiredDurability': (_assay_v1_Durability__Output | null);
}
