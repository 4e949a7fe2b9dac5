// Original file: proto/assay/v1/books.proto

import type { Durability as _assay_v1_Durability, Durability__Output as _assay_v1_Durability__Output } from '../../assay/v1/Durability.ts';
import type { DeadLettersOutcome as _assay_v1_DeadLettersOutcome, DeadLettersOutcome__Output as _assay_v1_DeadLettersOutcome__Output } from '../../assay/v1/DeadLettersOutcome.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * What was done. With an evaluation_id in the filter, what keeps it from being done is an error; otherwise it is told of the evaluation, and
 * the next one follows.
 */
export interface ReplayDeadLettersResponse {
  /**
   * Letters whose units are open again.
   */
  'letters'?: (number);
  /**
   * Their units.
   */
  'units'?: (number | string | Long);
  /**
   * How Redis holds it: the weakest of all evaluations; absent where nothing was done.
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
 * What was done. With an evaluation_id in the filter, what keeps it from being done is an error; otherwise it is told of the evaluation, and
 * the next one follows.
 */
export interface ReplayDeadLettersResponse__Output {
  /**
   * Letters whose units are open again.
   */
  'letters': (number);
  /**
   * Their units.
   */
  'units': (string);
  /**
   * How Redis holds it: the weakest of all evaluations; absent where nothing was done.
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
