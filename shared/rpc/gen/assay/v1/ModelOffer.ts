// Original file: proto/assay/v1/agent.proto


/**
 * A pattern of models that the agent can call.
 */
export interface ModelOffer {
  /**
   * A model's name, or a pattern with `*`: "openai/gpt-*".
   */
  'match'?: (string);
  /**
   * Calls at the same time.
   */
  'maxConnections'?: (number);
  /**
   * Samples that may wait on the agent beyond those.
   */
  'lookAhead'?: (number);
}

/**
 * A pattern of models that the agent can call.
 */
export interface ModelOffer__Output {
  /**
   * A model's name, or a pattern with `*`: "openai/gpt-*".
   */
  'match': (string);
  /**
   * Calls at the same time.
   */
  'maxConnections': (number);
  /**
   * Samples that may wait on the agent beyond those.
   */
  'lookAhead': (number);
}
