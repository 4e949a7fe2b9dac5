// Original file: proto/assay/v1/identity.proto


/**
 * Which one.
 */
export interface RevokeJoinTokenRequest {
  /**
   * `jt_` and 16 characters.
   */
  'joinTokenId'?: (string);
}

/**
 * Which one.
 */
export interface RevokeJoinTokenRequest__Output {
  /**
   * `jt_` and 16 characters.
   */
  'joinTokenId': (string);
}
