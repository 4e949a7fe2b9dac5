// Original file: proto/assay/v1/evaluation.proto

import type { Long } from '@grpc/proto-loader';

/**
 * What an upload will bring.
 */
export interface ContentHeader {
  /**
   * "sha256:" and 64 lower-case hex digits of the whole content.
   */
  'digest'?: (string);
  /**
   * Exactly so many bytes of data follow.
   */
  'sizeBytes'?: (number | string | Long);
}

/**
 * What an upload will bring.
 */
export interface ContentHeader__Output {
  /**
   * "sha256:" and 64 lower-case hex digits of the whole content.
   */
  'digest': (string);
  /**
   * Exactly so many bytes of data follow.
   */
  'sizeBytes': (string);
}
