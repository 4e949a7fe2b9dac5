// Original file: proto/assay/v1/books.proto

import type { Long } from '@grpc/proto-loader';

/**
 * What was done.
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
}

/**
 * What was done.
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
}
