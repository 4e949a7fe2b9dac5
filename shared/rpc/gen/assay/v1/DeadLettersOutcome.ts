// Original file: proto/assay/v1/books.proto

import type { Durability as _assay_v1_Durability, Durability__Output as _assay_v1_Durability__Output } from '../../assay/v1/Durability.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * What was done in one evaluation.
 */
export interface DeadLettersOutcome {
  /**
   * Which evaluation.
   */
  'evaluationId'?: (string);
  /**
   * Letters that were replayed, or dropped.
   */
  'letters'?: (number);
  /**
   * Units that are open again; 0 of dropped ones.
   */
  'units'?: (number | string | Long);
  /**
   * Why not all of it was done; empty: it was. Repeat the call then: what was done is not done twice.
   */
  'problem'?: (string);
  /**
   * How Redis holds it; absent where nothing was done, or it is not known.
   */
  'durability'?: (_assay_v1_Durability | null);
}

/**
 * What was done in one evaluation.
 */
export interface DeadLettersOutcome__Output {
  /**
   * Which evaluation.
   */
  'evaluationId': (string);
  /**
   * Letters that were replayed, or dropped.
   */
  'letters': (number);
  /**
   * Units that are open again; 0 of dropped ones.
   */
  'units': (string);
  /**
   * Why not all of it was done; empty: it was. Repeat the call then: what was done is not done twice.
   */
  'problem': (string);
  /**
   * How Redis holds it; absent where nothing was done, or it is not known.
   */
  'durability': (_assay_v1_Durability__Output | null);
}
