// Original file: proto/assay/v1/audit.proto

import type { AuditHead as _assay_v1_AuditHead, AuditHead__Output as _assay_v1_AuditHead__Output } from '../../assay/v1/AuditHead.ts';

/**
 * What is known from elsewhere.
 */
export interface VerifyAuditRequest {
  /**
   * Heads that an earlier verdict told, and that were kept where the store's writers cannot reach: at most 10000.
   */
  'heads'?: (_assay_v1_AuditHead)[];
}

/**
 * What is known from elsewhere.
 */
export interface VerifyAuditRequest__Output {
  /**
   * Heads that an earlier verdict told, and that were kept where the store's writers cannot reach: at most 10000.
   */
  'heads': (_assay_v1_AuditHead__Output)[];
}
