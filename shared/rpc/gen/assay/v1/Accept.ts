// Original file: proto/assay/v1/agent.proto


/**
 * The answer to Assign: the agent has them and will work on them.
 */
export interface Accept {
  /**
   * Attempts of assignments that came on this stream.
   */
  'attemptIds'?: (string)[];
}

/**
 * The answer to Assign: the agent has them and will work on them.
 */
export interface Accept__Output {
  /**
   * Attempts of assignments that came on this stream.
   */
  'attemptIds': (string)[];
}
