// Original file: proto/assay/v1/evaluation.proto


export interface GetEvaluationRequest {
  'evaluationId'?: (string);
}

export interface GetEvaluationRequest__Output {
  'evaluationId': (string);
}
