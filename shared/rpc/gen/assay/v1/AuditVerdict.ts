// Original file: proto/assay/v1/audit.proto

import type { AuditHead as _assay_v1_AuditHead, AuditHead__Output as _assay_v1_AuditHead__Output } from '../../assay/v1/AuditHead.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * What was read.
 */
export interface AuditVerdict {
  /**
   * How many chains.
   */
  'chains'?: (number | string | Long);
  /**
   * How many lines.
   */
  'lines'?: (number | string | Long);
  /**
   * How many problems.
   */
  'problems'?: (number | string | Long);
  /**
   * Where all chains end.
   */
  'heads'?: (_assay_v1_AuditHead)[];
  /**
   * Chains that began before this time, in ms since the epoch, were removed because of their age (`--keep-audit`); 0: nothing was removed.
   */
  'beginsAtMs'?: (number | string | Long);
  /**
   * The line that says so: a chain, a colon, and its line there. Empty where nothing was removed.
   */
  'beginsBy'?: (string);
}

/**
 * What was read.
 */
export interface AuditVerdict__Output {
  /**
   * How many chains.
   */
  'chains': (string);
  /**
   * How many lines.
   */
  'lines': (string);
  /**
   * How many problems.
   */
  'problems': (string);
  /**
   * Where all chains end.
   */
  'heads': (_assay_v1_AuditHead__Output)[];
  /**
   * Chains that began before this time, in ms since the epoch, were removed because of their age (`--keep-audit`); 0: nothing was removed.
   */
  'beginsAtMs': (string);
  /**
   * The line that says so: a chain, a colon, and its line there. Empty where nothing was removed.
   */
  'beginsBy': (string);
}
