// Original file: proto/assay/v1/evaluation.proto


/**
 * Which one, and from where.
 */
export interface WatchEvaluationRequest {
  /**
   * Which evaluation.
   */
  'evaluationId'?: (string);
  /**
   * Where to go on: the cursor of the last event that was seen. The events after it are sent, each exactly once. Empty, or
   * older than the log reaches back: first a snapshot, then everything after it. Cursors are opaque and the same for all
   * watchers on all coordinators. INVALID_ARGUMENT for a text that is no cursor.
   */
  'cursor'?: (string);
}

/**
 * Which one, and from where.
 */
export interface WatchEvaluationRequest__Output {
  /**
   * Which evaluation.
   */
  'evaluationId': (string);
  /**
   * Where to go on: the cursor of the last event that was seen. The events after it are sent, each exactly once. Empty, or
   * older than the log reaches back: first a snapshot, then everything after it. Cursors are opaque and the same for all
   * watchers on all coordinators. INVALID_ARGUMENT for a text that is no cursor.
   */
  'cursor': (string);
}
