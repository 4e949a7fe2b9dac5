// Original file: proto/assay/v1/agent.proto

import type { AttemptReport as _assay_v1_AttemptReport, AttemptReport__Output as _assay_v1_AttemptReport__Output } from '../../assay/v1/AttemptReport.ts';

/**
 * Results, at most once per tick (some milliseconds) and about 1 MiB. The agent keeps each result in its spool until it
 * is acknowledged and sends it again on every new stream. A result that was sent twice is counted once.
 */
export interface Report {
  /**
   * Of one or several attempts.
   */
  'reports'?: (_assay_v1_AttemptReport)[];
}

/**
 * Results, at most once per tick (some milliseconds) and about 1 MiB. The agent keeps each result in its spool until it
 * is acknowledged and sends it again on every new stream. A result that was sent twice is counted once.
 */
export interface Report__Output {
  /**
   * Of one or several attempts.
   */
  'reports': (_assay_v1_AttemptReport__Output)[];
}
