// Original file: proto/assay/v1/agent.proto


export interface Welcome {
  'sessionId'?: (string);
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
}

export interface Welcome__Output {
  'sessionId': (string);
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
}
