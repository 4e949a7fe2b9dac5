// Original file: proto/assay/v1/books.proto


/**
 * Which ledger is to be made anew.
 */
export interface RecoverEvaluationRequest {
  /**
   * Which evaluation.
   */
  'evaluationId'?: (string);
  /**
   * Why; at most 1000 characters, for the log.
   */
  'reason'?: (string);
}

/**
 * Which ledger is to be made anew.
 */
export interface RecoverEvaluationRequest__Output {
  /**
   * Which evaluation.
   */
  'evaluationId': (string);
  /**
   * Why; at most 1000 characters, for the log.
   */
  'reason': (string);
}
