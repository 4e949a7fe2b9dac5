// Original file: proto/assay/v1/agent.proto


export interface AttemptAck {
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

export interface AttemptAck__Output {
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
