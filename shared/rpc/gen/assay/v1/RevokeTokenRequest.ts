// Original file: proto/assay/v1/identity.proto


/**
 * Which one.
 */
export interface RevokeTokenRequest {
  /**
   * `tk_` and 16 characters.
   */
  'tokenId'?: (string);
}

/**
 * Which one.
 */
export interface RevokeTokenRequest__Output {
  /**
   * `tk_` and 16 characters.
   */
  'tokenId': (string);
}
