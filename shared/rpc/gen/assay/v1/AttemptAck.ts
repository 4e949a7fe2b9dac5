// Original file: proto/assay/v1/agent.proto


/**
 * What became of one attempt's report, or of units that it spared.
 */
export interface AttemptAck {
  /**
   * As in the report.
   */
  'attemptId'?: (string);
  /**
   * These units' results are durable, or were closed before, or they are no longer the attempt's because it spared them: forget them.
   */
  'units'?: (number)[];
  /**
   * The attempt is no longer this agent's: abort it and forget all of it.
   */
  'lost'?: (boolean);
}

/**
 * What became of one attempt's report, or of units that it spared.
 */
export interface AttemptAck__Output {
  /**
   * As in the report.
   */
  'attemptId': (string);
  /**
   * These units' results are durable, or were closed before, or they are no longer the attempt's because it spared them: forget them.
   */
  'units': (number)[];
  /**
   * The attempt is no longer this agent's: abort it and forget all of it.
   */
  'lost': (boolean);
}
