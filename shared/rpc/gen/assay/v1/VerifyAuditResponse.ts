// Original file: proto/assay/v1/audit.proto

import type { AuditProblem as _assay_v1_AuditProblem, AuditProblem__Output as _assay_v1_AuditProblem__Output } from '../../assay/v1/AuditProblem.ts';
import type { AuditVerdict as _assay_v1_AuditVerdict, AuditVerdict__Output as _assay_v1_AuditVerdict__Output } from '../../assay/v1/AuditVerdict.ts';

/**
 * A problem, or the verdict.
 */
export interface VerifyAuditResponse {
  /**
   * One place.
   */
  'problem'?: (_assay_v1_AuditProblem | null);
  /**
   * The end.
   */
  'verdict'?: (_assay_v1_AuditVerdict | null);
  /**
   * Which of the two.
   */
  'step'?: "problem"|"verdict";
}

/**
 * A problem, or the verdict.
 */
export interface VerifyAuditResponse__Output {
  /**
   * One place.
   */
  'problem'?: (_assay_v1_AuditProblem__Output | null);
  /**
   * The end.
   */
  'verdict'?: (_assay_v1_AuditVerdict__Output | null);
  /**
   * Which of the two.
   */
  'step'?: "problem"|"verdict";
}
