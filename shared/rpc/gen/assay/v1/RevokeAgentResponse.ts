// Original file: proto/assay/v1/identity.proto

import type { JoinedAgent as _assay_v1_JoinedAgent, JoinedAgent__Output as _assay_v1_JoinedAgent__Output } from '../../assay/v1/JoinedAgent.ts';

/**
 * It is over.
 */
export interface RevokeAgentResponse {
  /**
   * As it stands now.
   */
  'agent'?: (_assay_v1_JoinedAgent | null);
}

/**
 * It is over.
 */
export interface RevokeAgentResponse__Output {
  /**
   * As it stands now.
   */
  'agent': (_assay_v1_JoinedAgent__Output | null);
}
