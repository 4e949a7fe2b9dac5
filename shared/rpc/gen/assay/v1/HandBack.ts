// Original file: proto/assay/v1/agent.proto


/**
 * Gives units back that were not executed, or not to their end. They are planned again, for any agent that fits.
 */
export interface HandBack {
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
   * Why: `drain`, `declined` (no such model, say), `quota`, `auth`, `spool_full`, `lost` (its state is gone after a crash).
   */
  'reason'?: (string);
  /**
   * One sentence for the operator; no prompt, no key.
   */
  'detail'?: (string);
  /**
   * As in its assignment. One that does not hold: nothing is given back.
   */
  'lease'?: (Buffer | Uint8Array | string);
}

/**
 * Gives units back that were not executed, or not to their end. They are planned again, for any agent that fits.
 */
export interface HandBack__Output {
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
   * Why: `drain`, `declined` (no such model, say), `quota`, `auth`, `spool_full`, `lost` (its state is gone after a crash).
   */
  'reason': (string);
  /**
   * One sentence for the operator; no prompt, no key.
   */
  'detail': (string);
  /**
   * As in its assignment. One that does not hold: nothing is given back.
   */
  'lease': (Buffer);
}
