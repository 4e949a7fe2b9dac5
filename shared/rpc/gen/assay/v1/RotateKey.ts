// Original file: proto/assay/v1/agent.proto


/**
 * The agent has made another key, which is to hold from now on. Sent on a stream that was proved; at most one a minute counts.
 */
export interface RotateKey {
  /**
   * Ed25519, 32 bytes.
   */
  'publicKey'?: (Buffer | Uint8Array | string);
  /**
   * By the key that holds yet, over texts as in Proof: `assay agent key 1`, `rotate`, the stream's nonce in hex, the server, the agent's id, the
   * new public key in hex.
   */
  'signature'?: (Buffer | Uint8Array | string);
  /**
   * By the new key, over the same.
   */
  'possession'?: (Buffer | Uint8Array | string);
}

/**
 * The agent has made another key, which is to hold from now on. Sent on a stream that was proved; at most one a minute counts.
 */
export interface RotateKey__Output {
  /**
   * Ed25519, 32 bytes.
   */
  'publicKey': (Buffer);
  /**
   * By the key that holds yet, over texts as in Proof: `assay agent key 1`, `rotate`, the stream's nonce in hex, the server, the agent's id, the
   * new public key in hex.
   */
  'signature': (Buffer);
  /**
   * By the new key, over the same.
   */
  'possession': (Buffer);
}
