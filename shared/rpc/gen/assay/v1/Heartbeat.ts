// Original file: proto/assay/v1/agent.proto

import type { Long } from '@grpc/proto-loader';

/**
 * Sent every heartbeat_ms, also when nothing is held. Renews the lease of each attempt that it names, and of no other.
 */
export interface Heartbeat {
  'sequence'?: (number | string | Long);
  'heldAttempts'?: (string)[];
}

/**
 * Sent every heartbeat_ms, also when nothing is held. Renews the lease of each attempt that it names, and of no other.
 */
export interface Heartbeat__Output {
  'sequence': (string);
  'heldAttempts': (string)[];
}
