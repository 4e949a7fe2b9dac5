// Original file: proto/assay/v1/operator.proto

import type { Agent as _assay_v1_Agent, Agent__Output as _assay_v1_Agent__Output } from '../../assay/v1/Agent.ts';

/**
 * It is switched.
 */
export interface DrainAgentResponse {
  /**
   * As it stands now.
   */
  'agent'?: (_assay_v1_Agent | null);
}

/**
 * It is switched.
 */
export interface DrainAgentResponse__Output {
  /**
   * As it stands now.
   */
  'agent': (_assay_v1_Agent__Output | null);
}
