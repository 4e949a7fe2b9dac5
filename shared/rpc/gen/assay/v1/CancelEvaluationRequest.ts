// Original file: proto/assay/v1/evaluation.proto


export interface CancelEvaluationRequest {
  'evaluationId'?: (string);
  'reason'?: (string);
}

export interface CancelEvaluationRequest__Output {
  'evaluationId': (string);
  'reason': (string);
}
