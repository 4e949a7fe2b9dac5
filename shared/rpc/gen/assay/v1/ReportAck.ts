// Original file: proto/assay/v1/agent.proto

import type { AttemptAck as _assay_v1_AttemptAck, AttemptAck__Output as _assay_v1_AttemptAck__Output } from '../../assay/v1/AttemptAck.ts';

/**
 * What became of reports.
 */
export interface ReportAck {
  /**
   * One for each attempt of a report.
   */
  'acks'?: (_assay_v1_AttemptAck)[];
}

/**
 * What became of reports.
 */
export interface ReportAck__Output {
  /**
   * One for each attempt of a report.
   */
  'acks': (_assay_v1_AttemptAck__Output)[];
}
