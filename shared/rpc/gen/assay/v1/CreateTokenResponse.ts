// Original file: proto/assay/v1/identity.proto

import type { Token as _assay_v1_Token, Token__Output as _assay_v1_Token__Output } from '../../assay/v1/Token.ts';

/**
 * It is made.
 */
export interface CreateTokenResponse {
  /**
   * `evt_` and 59 characters a–z, 2–7. Keep it: nobody can tell it again.
   */
  'secret'?: (string);
  /**
   * What is known of it.
   */
  'token'?: (_assay_v1_Token | null);
}

/**
 * It is made.
 */
export interface CreateTokenResponse__Output {
  /**
   * `evt_` and 59 characters a–z, 2–7. Keep it: nobody can tell it again.
   */
  'secret': (string);
  /**
   * What is known of it.
   */
  'token': (_assay_v1_Token__Output | null);
}
