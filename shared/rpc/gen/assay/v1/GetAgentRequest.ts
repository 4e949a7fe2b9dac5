// Original file: proto/assay/v1/operator.proto


/**
 * Which one.
 */
export interface GetAgentRequest {
  /**
   * Its id, or its name where only one agent has it.
   */
  'agentId'?: (string);
}

/**
 * Which one.
 */
export interface GetAgentRequest__Output {
  /**
   * Its id, or its name where only one agent has it.
   */
  'agentId': (string);
}
