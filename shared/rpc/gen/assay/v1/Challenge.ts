// Original file: proto/assay/v1/agent.proto

import type { Long } from '@grpc/proto-loader';

/**
 * Who comes is to prove that it has the agent's key, on this stream and now.
 */
export interface Challenge {
  /**
   * 32 bytes, random, good for one Proof on this stream.
   */
  'nonce'?: (Buffer | Uint8Array | string);
  /**
   * Names the fleet, as Join has told it. An agent signs for no other.
   */
  'server'?: (string);
  /**
   * SHA-256 of the public key that is expected: an agent whose key is being rotated has two.
   */
  'key'?: (Buffer | Uint8Array | string);
  /**
   * How long that key is good for yet, and how long one is good for at all. An agent rotates it in the last third.
   */
  'keyLeftMs'?: (number | string | Long);
  /**
   * See key_left_ms.
   */
  'keyAgeLimitMs'?: (number | string | Long);
}

/**
 * Who comes is to prove that it has the agent's key, on this stream and now.
 */
export interface Challenge__Output {
  /**
   * 32 bytes, random, good for one Proof on this stream.
   */
  'nonce': (Buffer);
  /**
   * Names the fleet, as Join has told it. An agent signs for no other.
   */
  'server': (string);
  /**
   * SHA-256 of the public key that is expected: an agent whose key is being rotated has two.
   */
  'key': (Buffer);
  /**
   * How long that key is good for yet, and how long one is good for at all. An agent rotates it in the last third.
   */
  'keyLeftMs': (string);
  /**
   * See key_left_ms.
   */
  'keyAgeLimitMs': (string);
}
