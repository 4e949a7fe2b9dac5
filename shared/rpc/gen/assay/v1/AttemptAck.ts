// Original file: proto/assay/v1/agent.proto


/**
 * What became of one attempt's report.
 */
export interface AttemptAck {
  /**
   * As in the report.
   */
  'attemptId'?: (string);
  /**
   * These units' results are durable, or were closed before: forget them.
   */
  'units'?: (number)[];
  /**
   * The attempt is no longer this agent's: abort it and forget all of it.
   */
  'lost'?: (boolean);
}

/**
 * What became of one attempt's report.
 */
export interface AttemptAck__Output {
  /**
   * As in the report.
   */
  'attemptId': (string);
  /**
   * These units' results are durable, or were closed before: forget them.
   */
  'units': (number)[];
  /**
   * The attempt is no longer this agent's: abort it and forget all of it.
   */
  'lost': (boolean);
}
