// Original file: proto/assay/v1/identity.proto

import type { JoinToken as _assay_v1_JoinToken, JoinToken__Output as _assay_v1_JoinToken__Output } from '../../assay/v1/JoinToken.ts';

/**
 * It lets nobody in.
 */
export interface RevokeJoinTokenResponse {
  /**
   * As it stands now.
   */
  'joinToken'?: (_assay_v1_JoinToken | null);
}

/**
 * It lets nobody in.
 */
export interface RevokeJoinTokenResponse__Output {
  /**
   * As it stands now.
   */
  'joinToken': (_assay_v1_JoinToken__Output | null);
}
