// Original file: proto/assay/v1/books.proto

import type { Durability as _assay_v1_Durability, Durability__Output as _assay_v1_Durability__Output } from '../../assay/v1/Durability.ts';
import type { DeadLettersOutcome as _assay_v1_DeadLettersOutcome, DeadLettersOutcome__Output as _assay_v1_DeadLettersOutcome__Output } from '../../assay/v1/DeadLettersOutcome.ts';

/**
 * What was done; problems as in ReplayDeadLettersResponse.
 */
export interface DropDeadLettersResponse {
  /**
   * Letters that are listed no more. Their units stay dead.
   */
  'letters'?: (number);
  /**
   * The store has it, and it needs nothing of Redis; so this is what was demanded, or what an acknowledgement is worth by itself. Absent
   * where nothing was done.
   */
  'durability'?: (_assay_v1_Durability | null);
  /**
   * Of each evaluation that had some; at most 1000, those with a problem first.
   */
  'evaluations'?: (_assay_v1_DeadLettersOutcome)[];
  /**
   * Evaluations with a problem.
   */
  'failed'?: (number);
}

/**
 * What was done; problems as in ReplayDeadLettersResponse.
 */
export interface DropDeadLettersResponse__Output {
  /**
   * Letters that are listed no more. Their units stay dead.
   */
  'letters': (number);
  /**
   * The store has it, and it needs nothing of Redis; so this is what was demanded, or what an acknowledgement is worth by itself. Absent
   * where nothing was done.
   */
  'durability': (_assay_v1_Durability__Output | null);
  /**
   * Of each evaluation that had some; at most 1000, those with a problem first.
   */
  'evaluations': (_assay_v1_DeadLettersOutcome__Output)[];
  /**
   * Evaluations with a problem.
   */
  'failed': (number);
}
