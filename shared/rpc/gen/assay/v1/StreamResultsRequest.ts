// Original file: proto/assay/v1/evaluation.proto


export interface StreamResultsRequest {
  'evaluationId'?: (string);
}

export interface StreamResultsRequest__Output {
  'evaluationId': (string);
}
