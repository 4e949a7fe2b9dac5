// Original file: proto/assay/v1/books.proto

import type { Long } from '@grpc/proto-loader';

/**
 * How far a verification is.
 */
export interface VerifyProgress {
  /**
   * "ledger", "frames", "results".
   */
  'phase'?: (string);
  /**
   * Results looked at in this phase.
   */
  'done'?: (number | string | Long);
  /**
   * Units of the evaluation; what is done may be more where units have several results.
   */
  'total'?: (number | string | Long);
}

/**
 * How far a verification is.
 */
export interface VerifyProgress__Output {
  /**
   * "ledger", "frames", "results".
   */
  'phase': (string);
  /**
   * Results looked at in this phase.
   */
  'done': (string);
  /**
   * Units of the evaluation; what is done may be more where units have several results.
   */
  'total': (string);
}
