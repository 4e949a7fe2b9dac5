// Original file: proto/assay/v1/books.proto

import type { DeadLetterFilter as _assay_v1_DeadLetterFilter, DeadLetterFilter__Output as _assay_v1_DeadLetterFilter__Output } from '../../assay/v1/DeadLetterFilter.ts';

/**
 * One page of dead letters.
 */
export interface ListDeadLettersRequest {
  /**
   * Which ones; absent: all of the namespace "default".
   */
  'filter'?: (_assay_v1_DeadLetterFilter | null);
  /**
   * 0 … 1000; 0 means 50.
   */
  'pageSize'?: (number);
  /**
   * From the page before; empty: the first page.
   */
  'pageToken'?: (string);
  /**
   * Also those that were dropped.
   */
  'withDropped'?: (boolean);
}

/**
 * One page of dead letters.
 */
export interface ListDeadLettersRequest__Output {
  /**
   * Which ones; absent: all of the namespace "default".
   */
  'filter': (_assay_v1_DeadLetterFilter__Output | null);
  /**
   * 0 … 1000; 0 means 50.
   */
  'pageSize': (number);
  /**
   * From the page before; empty: the first page.
   */
  'pageToken': (string);
  /**
   * Also those that were dropped.
   */
  'withDropped': (boolean);
}
