// Original file: proto/assay/v1/logs.proto

import type { LogLine as _assay_v1_LogLine, LogLine__Output as _assay_v1_LogLine__Output } from '../../assay/v1/LogLine.ts';

/**
 * Some of them, in their order.
 */
export interface StreamAgentLogsResponse {
  /**
   * As they were said. Whoever follows is told at first also that there are none.
   */
  'lines'?: (_assay_v1_LogLine)[];
}

/**
 * Some of them, in their order.
 */
export interface StreamAgentLogsResponse__Output {
  /**
   * As they were said. Whoever follows is told at first also that there are none.
   */
  'lines': (_assay_v1_LogLine__Output)[];
}
