// Original file: proto/assay/v1/operator.proto

import type { Long } from '@grpc/proto-loader';

/**
 * A collection that has ended.
 */
export interface LastCollection {
  /**
   * When.
   */
  'atMs'?: (number | string | Long);
  /**
   * Things that it removed.
   */
  'count'?: (number | string | Long);
  /**
   * The bytes that they had.
   */
  'bytes'?: (number | string | Long);
}

/**
 * A collection that has ended.
 */
export interface LastCollection__Output {
  /**
   * When.
   */
  'atMs': (string);
  /**
   * Things that it removed.
   */
  'count': (string);
  /**
   * The bytes that they had.
   */
  'bytes': (string);
}
