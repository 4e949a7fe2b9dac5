// Original file: proto/assay/v1/record.proto

import type { Long } from '@grpc/proto-loader';

/**
 * How far a record is.
 */
export interface RecordProgress {
  /**
   * Units looked at.
   */
  'done'?: (number | string | Long);
  /**
   * Units of the evaluation.
   */
  'total'?: (number | string | Long);
}

/**
 * How far a record is.
 */
export interface RecordProgress__Output {
  /**
   * Units looked at.
   */
  'done': (string);
  /**
   * Units of the evaluation.
   */
  'total': (string);
}
