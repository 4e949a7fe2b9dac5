// Original file: proto/assay/v1/operator.proto

import type { Agent as _assay_v1_Agent, Agent__Output as _assay_v1_Agent__Output } from '../../assay/v1/Agent.ts';
import type { HeldAttempt as _assay_v1_HeldAttempt, HeldAttempt__Output as _assay_v1_HeldAttempt__Output } from '../../assay/v1/HeldAttempt.ts';

/**
 * There is one.
 */
export interface GetAgentResponse {
  /**
   * As it stands now.
   */
  'agent'?: (_assay_v1_Agent | null);
  /**
   * The oldest first, at most 1000.
   */
  'attempts'?: (_assay_v1_HeldAttempt)[];
}

/**
 * There is one.
 */
export interface GetAgentResponse__Output {
  /**
   * As it stands now.
   */
  'agent': (_assay_v1_Agent__Output | null);
  /**
   * The oldest first, at most 1000.
   */
  'attempts': (_assay_v1_HeldAttempt__Output)[];
}
