// Original file: proto/assay/v1/operator.proto


/**
 * Which one, and whether to drain it or to undo that.
 */
export interface DrainAgentRequest {
  /**
   * Its id, or its name where only one agent has it.
   */
  'agentId'?: (string);
  /**
   * It gets work again, also where it was quarantined.
   */
  'undo'?: (boolean);
  /**
   * At most 1000 characters.
   */
  'reason'?: (string);
}

/**
 * Which one, and whether to drain it or to undo that.
 */
export interface DrainAgentRequest__Output {
  /**
   * Its id, or its name where only one agent has it.
   */
  'agentId': (string);
  /**
   * It gets work again, also where it was quarantined.
   */
  'undo': (boolean);
  /**
   * At most 1000 characters.
   */
  'reason': (string);
}
