// Original file: proto/assay/v1/agent.proto

import type { Long } from '@grpc/proto-loader';

/**
 * Sent every heartbeat_ms, also when nothing is held. Renews the lease of each attempt that it names, and of no other.
 */
export interface Heartbeat {
  /**
   * Grows by one with each heartbeat of a stream.
   */
  'sequence'?: (number | string | Long);
  /**
   * Attempts that the agent works on, or has results of.
   */
  'heldAttempts'?: (string)[];
}

/**
 * Sent every heartbeat_ms, also when nothing is held. Renews the lease of each attempt that it names, and of no other.
 */
export interface Heartbeat__Output {
  /**
   * Grows by one with each heartbeat of a stream.
   */
  'sequence': (string);
  /**
   * Attempts that the agent works on, or has results of.
   */
  'heldAttempts': (string)[];
}
