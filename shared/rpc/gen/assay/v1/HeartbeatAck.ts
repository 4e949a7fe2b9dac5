// Original file: proto/assay/v1/agent.proto

import type { Long } from '@grpc/proto-loader';

/**
 * Sent for each heartbeat, when the leases are renewed. An agent that has heard nothing for two thirds of lease_ms closes
 * the stream and connects again.
 */
export interface HeartbeatAck {
  /**
   * That of the heartbeat which is answered.
   */
  'sequence'?: (number | string | Long);
  /**
   * Of the attempts in the heartbeat: no longer this agent's. Abort and forget.
   */
  'lostAttempts'?: (string)[];
}

/**
 * Sent for each heartbeat, when the leases are renewed. An agent that has heard nothing for two thirds of lease_ms closes
 * the stream and connects again.
 */
export interface HeartbeatAck__Output {
  /**
   * That of the heartbeat which is answered.
   */
  'sequence': (string);
  /**
   * Of the attempts in the heartbeat: no longer this agent's. Abort and forget.
   */
  'lostAttempts': (string)[];
}
