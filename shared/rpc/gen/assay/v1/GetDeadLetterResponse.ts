// Original file: proto/assay/v1/books.proto

import type { DeadLetter as _assay_v1_DeadLetter, DeadLetter__Output as _assay_v1_DeadLetter__Output } from '../../assay/v1/DeadLetter.ts';

/**
 * There is one.
 */
export interface GetDeadLetterResponse {
  /**
   * With all its evidence.
   */
  'letter'?: (_assay_v1_DeadLetter | null);
}

/**
 * There is one.
 */
export interface GetDeadLetterResponse__Output {
  /**
   * With all its evidence.
   */
  'letter': (_assay_v1_DeadLetter__Output | null);
}
