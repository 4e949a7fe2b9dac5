// Original file: proto/assay/v1/agent.proto


/**
 * The coordinator is going away: connect to another one soon, keeping all work. No more assignments come on this stream.
 */
export interface Drain {
  /**
   * For the log.
   */
  'reason'?: (string);
}

/**
 * The coordinator is going away: connect to another one soon, keeping all work. No more assignments come on this stream.
 */
export interface Drain__Output {
  /**
   * For the log.
   */
  'reason': (string);
}
