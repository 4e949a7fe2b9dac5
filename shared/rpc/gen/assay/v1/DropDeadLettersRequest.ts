// Original file: proto/assay/v1/books.proto

import type { DeadLetterFilter as _assay_v1_DeadLetterFilter, DeadLetterFilter__Output as _assay_v1_DeadLetterFilter__Output } from '../../assay/v1/DeadLetterFilter.ts';

/**
 * Which ones are accepted as lost.
 */
export interface DropDeadLettersRequest {
  /**
   * An empty filter is refused.
   */
  'filter'?: (_assay_v1_DeadLetterFilter | null);
  /**
   * At most 1000 characters.
   */
  'reason'?: (string);
}

/**
 * Which ones are accepted as lost.
 */
export interface DropDeadLettersRequest__Output {
  /**
   * An empty filter is refused.
   */
  'filter': (_assay_v1_DeadLetterFilter__Output | null);
  /**
   * At most 1000 characters.
   */
  'reason': (string);
}
