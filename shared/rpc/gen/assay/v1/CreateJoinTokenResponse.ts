// Original file: proto/assay/v1/identity.proto

import type { Long } from '@grpc/proto-loader';

/**
 * It is made.
 */
export interface CreateJoinTokenResponse {
  /**
   * `evj_` and 59 characters a–z, 2–7. Whoever has it first is the agent.
   */
  'secret'?: (string);
  /**
   * When it is over.
   */
  'expiresAtMs'?: (number | string | Long);
  /**
   * What it is called by.
   */
  'joinTokenId'?: (string);
}

/**
 * It is made.
 */
export interface CreateJoinTokenResponse__Output {
  /**
   * `evj_` and 59 characters a–z, 2–7. Whoever has it first is the agent.
   */
  'secret': (string);
  /**
   * When it is over.
   */
  'expiresAtMs': (string);
  /**
   * What it is called by.
   */
  'joinTokenId': (string);
}
