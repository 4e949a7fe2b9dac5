// Original file: proto/assay/v1/evaluation.proto

import type { SampleFilter as _assay_v1_SampleFilter, SampleFilter__Output as _assay_v1_SampleFilter__Output } from '../../assay/v1/SampleFilter.ts';

/**
 * Which results.
 */
export interface StreamResultsRequest {
  /**
   * Which evaluation.
   */
  'evaluationId'?: (string);
  /**
   * Only these; `states` may name closed states only.
   */
  'filter'?: (_assay_v1_SampleFilter | null);
}

/**
 * Which results.
 */
export interface StreamResultsRequest__Output {
  /**
   * Which evaluation.
   */
  'evaluationId': (string);
  /**
   * Only these; `states` may name closed states only.
   */
  'filter': (_assay_v1_SampleFilter__Output | null);
}
