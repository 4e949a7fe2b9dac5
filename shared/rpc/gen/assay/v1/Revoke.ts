// Original file: proto/assay/v1/agent.proto


/**
 * Abort the attempts and forget them: their evaluation was cancelled, or they belong to others. Not acknowledged; an
 * attempt that is reported all the same is answered as lost.
 */
export interface Revoke {
  /**
   * Those that the agent does not know it ignores.
   */
  'attemptIds'?: (string)[];
  /**
   * For the log.
   */
  'reason'?: (string);
}

/**
 * Abort the attempts and forget them: their evaluation was cancelled, or they belong to others. Not acknowledged; an
 * attempt that is reported all the same is answered as lost.
 */
export interface Revoke__Output {
  /**
   * Those that the agent does not know it ignores.
   */
  'attemptIds': (string)[];
  /**
   * For the log.
   */
  'reason': (string);
}
