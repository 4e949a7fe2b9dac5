// Original file: proto/assay/v1/agent.proto


/**
 * Units that the agent has let go of: they had not started, and it never runs them under this attempt again. They are planned again, for any
 * agent that fits. Until they are acknowledged (ReportAck) the agent holds the attempt and says it again, with every heartbeat and on every
 * new stream; a repetition changes nothing.
 */
export interface Spared {
  /**
   * As in its assignment, like the two after it.
   */
  'attemptId'?: (string);
  /**
   * As in its assignment.
   */
  'evaluationId'?: (string);
  /**
   * As in its assignment.
   */
  'taskId'?: (string);
  /**
   * None: nothing of it waits.
   */
  'units'?: (number)[];
  /**
   * As in its assignment, like in a report.
   */
  'lease'?: (Buffer | Uint8Array | string);
}

/**
 * Units that the agent has let go of: they had not started, and it never runs them under this attempt again. They are planned again, for any
 * agent that fits. Until they are acknowledged (ReportAck) the agent holds the attempt and says it again, with every heartbeat and on every
 * new stream; a repetition changes nothing.
 */
export interface Spared__Output {
  /**
   * As in its assignment, like the two after it.
   */
  'attemptId': (string);
  /**
   * As in its assignment.
   */
  'evaluationId': (string);
  /**
   * As in its assignment.
   */
  'taskId': (string);
  /**
   * None: nothing of it waits.
   */
  'units': (number)[];
  /**
   * As in its assignment, like in a report.
   */
  'lease': (Buffer);
}
