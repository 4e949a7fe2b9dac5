// Original file: proto/assay/v1/evaluation.proto

import type { Sample as _assay_v1_Sample, Sample__Output as _assay_v1_Sample__Output } from '../../assay/v1/Sample.ts';

/**
 * There is one.
 */
export interface GetSampleResponse {
  /**
   * With everything that is known of it.
   */
  'sample'?: (_assay_v1_Sample | null);
}

/**
 * There is one.
 */
export interface GetSampleResponse__Output {
  /**
   * With everything that is known of it.
   */
  'sample': (_assay_v1_Sample__Output | null);
}
