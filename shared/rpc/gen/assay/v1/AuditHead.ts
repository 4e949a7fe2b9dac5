// Original file: proto/assay/v1/audit.proto

import type { Long } from '@grpc/proto-loader';

/**
 * How far a chain is.
 */
export interface AuditHead {
  /**
   * Its name.
   */
  'chain'?: (string);
  /**
   * Its last line, from 1.
   */
  'line'?: (number | string | Long);
  /**
   * SHA-256 of that line, 64 hex digits.
   */
  'hash'?: (string);
}

/**
 * How far a chain is.
 */
export interface AuditHead__Output {
  /**
   * Its name.
   */
  'chain': (string);
  /**
   * Its last line, from 1.
   */
  'line': (string);
  /**
   * SHA-256 of that line, 64 hex digits.
   */
  'hash': (string);
}
