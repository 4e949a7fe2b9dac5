// Original file: proto/assay/v1/agent.proto


/**
 * The agent has the key.
 */
export interface Proof {
  /**
   * Ed25519, 64 bytes, over these texts, each behind its length in bytes as 32 bits, the higher ones first: `assay agent key 1`, `connect`, the
   * nonce in hex, the server, the agent's id, wire_version, the public key in hex.
   */
  'signature'?: (Buffer | Uint8Array | string);
  /**
   * `1.2`: what Hello will say of the protocol's version.
   */
  'wireVersion'?: (string);
}

/**
 * The agent has the key.
 */
export interface Proof__Output {
  /**
   * Ed25519, 64 bytes, over these texts, each behind its length in bytes as 32 bits, the higher ones first: `assay agent key 1`, `connect`, the
   * nonce in hex, the server, the agent's id, wire_version, the public key in hex.
   */
  'signature': (Buffer);
  /**
   * `1.2`: what Hello will say of the protocol's version.
   */
  'wireVersion': (string);
}
