// Original file: proto/assay/v1/evaluation.proto

import type { SampleFilter as _assay_v1_SampleFilter, SampleFilter__Output as _assay_v1_SampleFilter__Output } from '../../assay/v1/SampleFilter.ts';

/**
 * One page of samples.
 */
export interface ListSamplesRequest {
  /**
   * Which evaluation.
   */
  'evaluationId'?: (string);
  /**
   * Which samples; absent: all.
   */
  'filter'?: (_assay_v1_SampleFilter | null);
  /**
   * 0 … 1000; 0 means 50.
   */
  'pageSize'?: (number);
  /**
   * From the page before; empty: the first page.
   */
  'pageToken'?: (string);
  /**
   * The first page begins with the first of them at or after this unit, backwards at or before it; absent: at the end of the list. Not with
   * `page_token`. Coordinators that are too old to know it, or `backwards`, begin with the first of all.
   */
  'fromUnit'?: (number);
  /**
   * From the last to the first; for all pages of a list.
   */
  'backwards'?: (boolean);
  '_fromUnit'?: "fromUnit";
}

/**
 * One page of samples.
 */
export interface ListSamplesRequest__Output {
  /**
   * Which evaluation.
   */
  'evaluationId': (string);
  /**
   * Which samples; absent: all.
   */
  'filter': (_assay_v1_SampleFilter__Output | null);
  /**
   * 0 … 1000; 0 means 50.
   */
  'pageSize': (number);
  /**
   * From the page before; empty: the first page.
   */
  'pageToken': (string);
  /**
   * The first page begins with the first of them at or after this unit, backwards at or before it; absent: at the end of the list. Not with
   * `page_token`. Coordinators that are too old to know it, or `backwards`, begin with the first of all.
   */
  'fromUnit'?: (number);
  /**
   * From the last to the first; for all pages of a list.
   */
  'backwards': (boolean);
  '_fromUnit'?: "fromUnit";
}
