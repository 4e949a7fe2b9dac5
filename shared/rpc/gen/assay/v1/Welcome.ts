// Original file: proto/assay/v1/agent.proto


/**
 * The answer to Hello: the stream stands.
 */
export interface Welcome {
  /**
   * Names this stream in logs.
   */
  'sessionId'?: (string);
  /**
   * Names the coordinator in logs.
   */
  'coordinatorId'?: (string);
  /**
   * Send a Heartbeat this often.
   */
  'heartbeatMs'?: (number);
  /**
   * A lease lasts this long from its last renewal.
   */
  'leaseMs'?: (number);
  /**
   * Of held_attempts: go on with these …
   */
  'resumedAttempts'?: (string)[];
  /**
   * … and abort and forget these: they belong to others, or are over.
   */
  'lostAttempts'?: (string)[];
  /**
   * Lines for people (Lines) that the coordinator takes of this agent, in bytes of their texts a second. 0, as from coordinators of before:
   * none, and none may be sent.
   */
  'logBytesPerSecond'?: (number);
}

/**
 * The answer to Hello: the stream stands.
 */
export interface Welcome__Output {
  /**
   * Names this stream in logs.
   */
  'sessionId': (string);
  /**
   * Names the coordinator in logs.
   */
  'coordinatorId': (string);
  /**
   * Send a Heartbeat this often.
   */
  'heartbeatMs': (number);
  /**
   * A lease lasts this long from its last renewal.
   */
  'leaseMs': (number);
  /**
   * Of held_attempts: go on with these …
   */
  'resumedAttempts': (string)[];
  /**
   * … and abort and forget these: they belong to others, or are over.
   */
  'lostAttempts': (string)[];
  /**
   * Lines for people (Lines) that the coordinator takes of this agent, in bytes of their texts a second. 0, as from coordinators of before:
   * none, and none may be sent.
   */
  'logBytesPerSecond': (number);
}
