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
}
