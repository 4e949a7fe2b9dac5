// Original file: proto/assay/v1/agent.proto


/**
 * Abort the attempts and forget them: their evaluation was cancelled, or they belong to others. Not acknowledged; an
 * attempt that is reported all the same is answered as lost.
 */
export interface Revoke {
  'attemptIds'?: (string)[];
  'reason'?: (string);
}

/**
 * Abort the attempts and forget them: their evaluation was cancelled, or they belong to others. Not acknowledged; an
 * attempt that is reported all the same is answered as lost.
 */
export interface Revoke__Output {
  'attemptIds': (string)[];
  'reason': (string);
}
