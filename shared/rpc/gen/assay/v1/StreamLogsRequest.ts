// Original file: proto/assay/v1/logs.proto

import type { LogFilter as _assay_v1_LogFilter, LogFilter__Output as _assay_v1_LogFilter__Output } from '../../assay/v1/LogFilter.ts';

/**
 * Whose lines. Exactly one of evaluation_id and task_id is set.
 */
export interface StreamLogsRequest {
  /**
   * All of an evaluation.
   */
  'evaluationId'?: (string);
  /**
   * Those of one of its tasks.
   */
  'taskId'?: (string);
  /**
   * Only these.
   */
  'filter'?: (_assay_v1_LogFilter | null);
  /**
   * Of the lines that are there, the last ones: at most 1000; 0: all. Not with a cursor.
   */
  'tail'?: (number);
  /**
   * Go on behind the answer that had this cursor, on any coordinator.
   */
  'cursor'?: (string);
  /**
   * Go on with those that come, until some seconds after the evaluation is final.
   */
  'follow'?: (boolean);
}

/**
 * Whose lines. Exactly one of evaluation_id and task_id is set.
 */
export interface StreamLogsRequest__Output {
  /**
   * All of an evaluation.
   */
  'evaluationId': (string);
  /**
   * Those of one of its tasks.
   */
  'taskId': (string);
  /**
   * Only these.
   */
  'filter': (_assay_v1_LogFilter__Output | null);
  /**
   * Of the lines that are there, the last ones: at most 1000; 0: all. Not with a cursor.
   */
  'tail': (number);
  /**
   * Go on behind the answer that had this cursor, on any coordinator.
   */
  'cursor': (string);
  /**
   * Go on with those that come, until some seconds after the evaluation is final.
   */
  'follow': (boolean);
}
