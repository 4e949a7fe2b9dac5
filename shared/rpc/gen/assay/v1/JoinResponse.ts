// Original file: proto/assay/v1/identity.proto

import type { JoinedAgent as _assay_v1_JoinedAgent, JoinedAgent__Output as _assay_v1_JoinedAgent__Output } from '../../assay/v1/JoinedAgent.ts';

/**
 * It has joined.
 */
export interface JoinResponse {
  /**
   * As the coordinator has it.
   */
  'agent'?: (_assay_v1_JoinedAgent | null);
  /**
   * Names the fleet: the agent proves itself to no other.
   */
  'server'?: (string);
}

/**
 * It has joined.
 */
export interface JoinResponse__Output {
  /**
   * As the coordinator has it.
   */
  'agent': (_assay_v1_JoinedAgent__Output | null);
  /**
   * Names the fleet: the agent proves itself to no other.
   */
  'server': (string);
}
