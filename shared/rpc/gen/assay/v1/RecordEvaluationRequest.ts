// Original file: proto/assay/v1/record.proto


/**
 * Whose record.
 */
export interface RecordEvaluationRequest {
  /**
   * Which evaluation.
   */
  'evaluationId'?: (string);
  /**
   * Also the digests of every sample.
   */
  'samples'?: (boolean);
}

/**
 * Whose record.
 */
export interface RecordEvaluationRequest__Output {
  /**
   * Which evaluation.
   */
  'evaluationId': (string);
  /**
   * Also the digests of every sample.
   */
  'samples': (boolean);
}
