// Original file: proto/assay/v1/evaluation.proto

import type { SampleResult as _assay_v1_SampleResult, SampleResult__Output as _assay_v1_SampleResult__Output } from '../../assay/v1/SampleResult.ts';

/**
 * One result, or the next part of one.
 */
export interface StreamResultsResponse {
  /**
   * In unit order.
   */
  'result'?: (_assay_v1_SampleResult | null);
  /**
   * The texts do not fit in this message: the next message has the same unit and only the next part of `completion`, or of
   * `reasoning` once the completion is whole, to be appended.
   */
  'more'?: (boolean);
}

/**
 * One result, or the next part of one.
 */
export interface StreamResultsResponse__Output {
  /**
   * In unit order.
   */
  'result': (_assay_v1_SampleResult__Output | null);
  /**
   * The texts do not fit in this message: the next message has the same unit and only the next part of `completion`, or of
   * `reasoning` once the completion is whole, to be appended.
   */
  'more': (boolean);
}
