// Original file: proto/assay/v1/books.proto


/**
 * Whose books.
 */
export interface VerifyEvaluationRequest {
  /**
   * Which evaluation.
   */
  'evaluationId'?: (string);
}

/**
 * Whose books.
 */
export interface VerifyEvaluationRequest__Output {
  /**
   * Which evaluation.
   */
  'evaluationId': (string);
}
