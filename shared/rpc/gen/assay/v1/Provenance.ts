// Original file: proto/assay/v1/types.proto


/**
 * Of one unit: what its model was sent and who answered, as far as two runs are compared by it.
 */
export interface Provenance {
  /**
   * The first 128 bits, as 32 hexadecimal digits, of the SHA-256 of what was sent: messages, the beginning of the answer, texts that were
   * rated, as JSON with sorted keys. Parameters are those of the spec.
   */
  'promptDigest'?: (string);
  /**
   * The model's name as the endpoint gave it; empty: it gave none, or no call was answered. At most 200 characters.
   */
  'model'?: (string);
  /**
   * The endpoint's system_fingerprint; empty: it gave none. At most 200 characters.
   */
  'fingerprint'?: (string);
  /**
   * The version of the agent's software.
   */
  'version'?: (string);
  /**
   * The completion is one that the agent had kept; no call was made.
   */
  'cached'?: (boolean);
}

/**
 * Of one unit: what its model was sent and who answered, as far as two runs are compared by it.
 */
export interface Provenance__Output {
  /**
   * The first 128 bits, as 32 hexadecimal digits, of the SHA-256 of what was sent: messages, the beginning of the answer, texts that were
   * rated, as JSON with sorted keys. Parameters are those of the spec.
   */
  'promptDigest': (string);
  /**
   * The model's name as the endpoint gave it; empty: it gave none, or no call was answered. At most 200 characters.
   */
  'model': (string);
  /**
   * The endpoint's system_fingerprint; empty: it gave none. At most 200 characters.
   */
  'fingerprint': (string);
  /**
   * The version of the agent's software.
   */
  'version': (string);
  /**
   * The completion is one that the agent had kept; no call was made.
   */
  'cached': (boolean);
}
