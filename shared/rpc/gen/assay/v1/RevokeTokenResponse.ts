// Original file: proto/assay/v1/identity.proto

import type { Token as _assay_v1_Token, Token__Output as _assay_v1_Token__Output } from '../../assay/v1/Token.ts';

/**
 * It is over.
 */
export interface RevokeTokenResponse {
  /**
   * As it stands now.
   */
  'token'?: (_assay_v1_Token | null);
}

/**
 * It is over.
 */
export interface RevokeTokenResponse__Output {
  /**
   * As it stands now.
   */
  'token': (_assay_v1_Token__Output | null);
}
