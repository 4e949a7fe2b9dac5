// Original file: proto/assay/v1/audit.proto

import type { Long } from '@grpc/proto-loader';

/**
 * A place where the log is not as it was written.
 */
export interface AuditProblem {
  /**
   * The chain.
   */
  'chain'?: (string);
  /**
   * The line, from 1; 0: the whole chain.
   */
  'line'?: (number | string | Long);
  /**
   * In words.
   */
  'problem'?: (string);
}

/**
 * A place where the log is not as it was written.
 */
export interface AuditProblem__Output {
  /**
   * The chain.
   */
  'chain': (string);
  /**
   * The line, from 1; 0: the whole chain.
   */
  'line': (string);
  /**
   * In words.
   */
  'problem': (string);
}
