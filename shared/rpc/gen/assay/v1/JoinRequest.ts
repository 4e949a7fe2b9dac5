// Original file: proto/assay/v1/identity.proto


/**
 * An agent that has made itself a key.
 */
export interface JoinRequest {
  /**
   * A join token.
   */
  'secret'?: (string);
  /**
   * Ed25519, 32 bytes.
   */
  'publicKey'?: (Buffer | Uint8Array | string);
  /**
   * By that key, 64 bytes, over these texts, each behind its length in bytes as 32 bits, the higher ones first: `assay agent key 1`, `join`,
   * SHA-256 of the token in hex, the public key in hex.
   */
  'signature'?: (Buffer | Uint8Array | string);
  /**
   * What it calls itself, where the token says no name.
   */
  'name'?: (string);
}

/**
 * An agent that has made itself a key.
 */
export interface JoinRequest__Output {
  /**
   * A join token.
   */
  'secret': (string);
  /**
   * Ed25519, 32 bytes.
   */
  'publicKey': (Buffer);
  /**
   * By that key, 64 bytes, over these texts, each behind its length in bytes as 32 bits, the higher ones first: `assay agent key 1`, `join`,
   * SHA-256 of the token in hex, the public key in hex.
   */
  'signature': (Buffer);
  /**
   * What it calls itself, where the token says no name.
   */
  'name': (string);
}
