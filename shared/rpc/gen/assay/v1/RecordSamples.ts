// Original file: proto/assay/v1/record.proto

import type { RecordSample as _assay_v1_RecordSample, RecordSample__Output as _assay_v1_RecordSample__Output } from '../../assay/v1/RecordSample.ts';

/**
 * Some samples.
 */
export interface RecordSamples {
  /**
   * Closed units that were run, in order.
   */
  'samples'?: (_assay_v1_RecordSample)[];
}

/**
 * Some samples.
 */
export interface RecordSamples__Output {
  /**
   * Closed units that were run, in order.
   */
  'samples': (_assay_v1_RecordSample__Output)[];
}
