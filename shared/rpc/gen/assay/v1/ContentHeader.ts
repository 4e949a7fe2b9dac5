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
  /**
   * Where it may be used; empty means the caller's only namespace, and "default" where it has several or all. In other namespaces its digest means nothing before it was uploaded there too.
   */
  'namespace'?: (string);
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
  /**
   * Where it may be used; empty means the caller's only namespace, and "default" where it has several or all. In other namespaces its digest means nothing before it was uploaded there too.
   */
  'namespace': (string);
}
