// Original file: proto/assay/v1/identity.proto


/**
 * Which one.
 */
export interface RevokeAgentRequest {
  /**
   * Its id, or its name where only one bears it.
   */
  'agentId'?: (string);
}

/**
 * Which one.
 */
export interface RevokeAgentRequest__Output {
  /**
   * Its id, or its name where only one bears it.
   */
  'agentId': (string);
}
