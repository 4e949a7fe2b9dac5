// Original file: proto/assay/v1/evaluation.proto


export interface GetReportRequest {
  'evaluationId'?: (string);
}

export interface GetReportRequest__Output {
  'evaluationId': (string);
}
