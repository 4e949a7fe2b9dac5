// Original file: proto/assay/v1/why.proto


/**
 * Which work. Exactly one is set.
 */
export interface WhyPendingRequest {
  /**
   * All that is open of an evaluation.
   */
  'evaluationId'?: (string);
  /**
   * One task of an evaluation.
   */
  'taskId'?: (string);
  /**
   * Also what the first reason was before now.
   */
  'history'?: (boolean);
}

/**
 * Which work. Exactly one is set.
 */
export interface WhyPendingRequest__Output {
  /**
   * All that is open of an evaluation.
   */
  'evaluationId': (string);
  /**
   * One task of an evaluation.
   */
  'taskId': (string);
  /**
   * Also what the first reason was before now.
   */
  'history': (boolean);
}
