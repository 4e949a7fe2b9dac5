// Original file: proto/assay/v1/agent.proto


/**
 * One sample that ran.
 */
export interface RunningSample {
  /**
   * Under which attempt.
   */
  'attemptId'?: (string);
  /**
   * The unit's number.
   */
  'unit'?: (number);
  /**
   * Its task; empty: the agent does not know.
   */
  'taskId'?: (string);
}

/**
 * One sample that ran.
 */
export interface RunningSample__Output {
  /**
   * Under which attempt.
   */
  'attemptId': (string);
  /**
   * The unit's number.
   */
  'unit': (number);
  /**
   * Its task; empty: the agent does not know.
   */
  'taskId': (string);
}
