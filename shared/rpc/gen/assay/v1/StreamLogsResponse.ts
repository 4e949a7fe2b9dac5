// Original file: proto/assay/v1/logs.proto

import type { LogLine as _assay_v1_LogLine, LogLine__Output as _assay_v1_LogLine__Output } from '../../assay/v1/LogLine.ts';

/**
 * Some of the lines, in the order in which coordinators took them: that of one agent's lines is its own.
 */
export interface StreamLogsResponse {
  /**
   * None: only the cursor is new.
   */
  'lines'?: (_assay_v1_LogLine)[];
  /**
   * See StreamLogsRequest.cursor. Empty where there was no line yet.
   */
  'cursor'?: (string);
  /**
   * Before these, lines are gone: there were more than are kept.
   */
  'leftOut'?: (boolean);
}

/**
 * Some of the lines, in the order in which coordinators took them: that of one agent's lines is its own.
 */
export interface StreamLogsResponse__Output {
  /**
   * None: only the cursor is new.
   */
  'lines': (_assay_v1_LogLine__Output)[];
  /**
   * See StreamLogsRequest.cursor. Empty where there was no line yet.
   */
  'cursor': (string);
  /**
   * Before these, lines are gone: there were more than are kept.
   */
  'leftOut': (boolean);
}
