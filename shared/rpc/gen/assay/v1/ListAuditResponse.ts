// Original file: proto/assay/v1/audit.proto

import type { AuditEntry as _assay_v1_AuditEntry, AuditEntry__Output as _assay_v1_AuditEntry__Output } from '../../assay/v1/AuditEntry.ts';

/**
 * One entry.
 */
export interface ListAuditResponse {
  /**
   * The entry.
   */
  'entry'?: (_assay_v1_AuditEntry | null);
}

/**
 * One entry.
 */
export interface ListAuditResponse__Output {
  /**
   * The entry.
   */
  'entry': (_assay_v1_AuditEntry__Output | null);
}
