// Original file: proto/assay/v1/agent.proto


/**
 * Other agents idle while samples of this attempt wait for a connection: let go of some that have not started. Sent only to agents that said
 * so (Hello.can_spare), for one attempt not again before it is answered or 10 seconds have passed. The agent answers with Spared at once; an
 * attempt that it does not hold it ignores.
 */
export interface Spare {
  /**
   * One that the agent holds.
   */
  'attemptId'?: (string);
  /**
   * At most so many samples, those that would start last.
   */
  'samples'?: (number);
}

/**
 * Other agents idle while samples of this attempt wait for a connection: let go of some that have not started. Sent only to agents that said
 * so (Hello.can_spare), for one attempt not again before it is answered or 10 seconds have passed. The agent answers with Spared at once; an
 * attempt that it does not hold it ignores.
 */
export interface Spare__Output {
  /**
   * One that the agent holds.
   */
  'attemptId': (string);
  /**
   * At most so many samples, those that would start last.
   */
  'samples': (number);
}
