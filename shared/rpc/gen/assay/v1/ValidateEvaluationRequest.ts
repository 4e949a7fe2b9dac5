// Original file: proto/assay/v1/evaluation.proto


/**
 * A spec that is to be checked.
 */
export interface ValidateEvaluationRequest {
  /**
   * As in SubmitEvaluationRequest.
   */
  'specJson'?: (Buffer | Uint8Array | string);
  /**
   * As in SubmitEvaluationRequest.
   */
  'namespace'?: (string);
}

/**
 * A spec that is to be checked.
 */
export interface ValidateEvaluationRequest__Output {
  /**
   * As in SubmitEvaluationRequest.
   */
  'specJson': (Buffer);
  /**
   * As in SubmitEvaluationRequest.
   */
  'namespace': (string);
}
