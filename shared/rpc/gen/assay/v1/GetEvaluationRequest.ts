// Original file: proto/assay/v1/evaluation.proto


/**
 * Which one.
 */
export interface GetEvaluationRequest {
  /**
   * Its id.
   */
  'evaluationId'?: (string);
}

/**
 * Which one.
 */
export interface GetEvaluationRequest__Output {
  /**
   * Its id.
   */
  'evaluationId': (string);
}
