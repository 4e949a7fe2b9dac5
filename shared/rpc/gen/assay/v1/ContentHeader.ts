// Original file: proto/assay/v1/evaluation.proto

import type { Long } from '@grpc/proto-loader';

export interface ContentHeader {
  /**
   * "sha256:" and 64 lower-case hex digits of the whole content.
   */
  'digest'?: (string);
  'sizeBytes'?: (number | string | Long);
}

export interface ContentHeader__Output {
  /**
   * "sha256:" and 64 lower-case hex digits of the whole content.
   */
  'digest': (string);
  'sizeBytes': (string);
}
