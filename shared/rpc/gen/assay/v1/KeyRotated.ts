// Original file: proto/assay/v1/agent.proto

import type { Long } from '@grpc/proto-loader';

/**
 * The new key holds; the one before is good for nothing.
 */
export interface KeyRotated {
  /**
   * As in RotateKey.
   */
  'publicKey'?: (Buffer | Uint8Array | string);
  /**
   * As in Challenge.
   */
  'keyLeftMs'?: (number | string | Long);
  /**
   * As in Challenge.
   */
  'keyAgeLimitMs'?: (number | string | Long);
}

/**
 * The new key holds; the one before is good for nothing.
 */
export interface KeyRotated__Output {
  /**
   * As in RotateKey.
   */
  'publicKey': (Buffer);
  /**
   * As in Challenge.
   */
  'keyLeftMs': (string);
  /**
   * As in Challenge.
   */
  'keyAgeLimitMs': (string);
}
