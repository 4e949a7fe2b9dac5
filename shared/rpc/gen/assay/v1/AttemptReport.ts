// Original file: proto/assay/v1/agent.proto

import type { ReportedResult as _assay_v1_ReportedResult, ReportedResult__Output as _assay_v1_ReportedResult__Output } from '../../assay/v1/ReportedResult.ts';

/**
 * Results of one attempt.
 */
export interface AttemptReport {
  /**
   * As in its assignment, like the two after it.
   */
  'attemptId'?: (string);
  /**
   * As in its assignment.
   */
  'evaluationId'?: (string);
  /**
   * As in its assignment.
   */
  'taskId'?: (string);
  /**
   * In any order; an attempt is reported in as many parts as suits the agent.
   */
  'results'?: (_assay_v1_ReportedResult)[];
  /**
   * W3C trace context of the execution.
   */
  'traceparent'?: (string);
  /**
   * As in its assignment. A report whose lease is not of this attempt, or none where there was one, is refused: it changes nothing, and is
   * answered as lost. Of an attempt that came from a release before leases there is none.
   */
  'lease'?: (Buffer | Uint8Array | string);
}

/**
 * Results of one attempt.
 */
export interface AttemptReport__Output {
  /**
   * As in its assignment, like the two after it.
   */
  'attemptId': (string);
  /**
   * As in its assignment.
   */
  'evaluationId': (string);
  /**
   * As in its assignment.
   */
  'taskId': (string);
  /**
   * In any order; an attempt is reported in as many parts as suits the agent.
   */
  'results': (_assay_v1_ReportedResult__Output)[];
  /**
   * W3C trace context of the execution.
   */
  'traceparent': (string);
  /**
   * As in its assignment. A report whose lease is not of this attempt, or none where there was one, is refused: it changes nothing, and is
   * answered as lost. Of an attempt that came from a release before leases there is none.
   */
  'lease': (Buffer);
}
