// Original file: proto/assay/v1/evaluation.proto


/**
 * Which one.
 */
export interface GetReportRequest {
  /**
   * Which evaluation.
   */
  'evaluationId'?: (string);
}

/**
 * Which one.
 */
export interface GetReportRequest__Output {
  /**
   * Which evaluation.
   */
  'evaluationId': (string);
}
