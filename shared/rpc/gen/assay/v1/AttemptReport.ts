// Original file: proto/assay/v1/agent.proto

import type { ReportedResult as _assay_v1_ReportedResult, ReportedResult__Output as _assay_v1_ReportedResult__Output } from '../../assay/v1/ReportedResult.ts';

export interface AttemptReport {
  'attemptId'?: (string);
  'evaluationId'?: (string);
  'taskId'?: (string);
  'results'?: (_assay_v1_ReportedResult)[];
  /**
   * W3C trace context of the execution.
   */
  'traceparent'?: (string);
}

export interface AttemptReport__Output {
  'attemptId': (string);
  'evaluationId': (string);
  'taskId': (string);
  'results': (_assay_v1_ReportedResult__Output)[];
  /**
   * W3C trace context of the execution.
   */
  'traceparent': (string);
}
