// Original file: proto/assay/v1/agent.proto


/**
 * The coordinator is going away: connect to another one soon, keeping all work. No more assignments come on this stream.
 */
export interface Drain {
  'reason'?: (string);
}

/**
 * The coordinator is going away: connect to another one soon, keeping all work. No more assignments come on this stream.
 */
export interface Drain__Output {
  'reason': (string);
}
