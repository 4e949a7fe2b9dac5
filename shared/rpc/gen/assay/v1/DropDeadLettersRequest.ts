// Original file: proto/assay/v1/books.proto

import type { DeadLetterFilter as _assay_v1_DeadLetterFilter, DeadLetterFilter__Output as _assay_v1_DeadLetterFilter__Output } from '../../assay/v1/DeadLetterFilter.ts';
import type { Durability as _assay_v1_Durability, Durability__Output as _assay_v1_Durability__Output } from '../../assay/v1/Durability.ts';

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
  /**
   * What Redis must reach before the answer; absent: what the coordinator is set to.
   */
  'requiredDurability'?: (_assay_v1_Durability | null);
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
  /**
   * What Redis must reach before the answer; absent: what the coordinator is set to.
   */
  'requiredDurability': (_assay_v1_Durability__Output | null);
}
