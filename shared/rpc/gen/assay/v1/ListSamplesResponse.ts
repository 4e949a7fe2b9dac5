// Original file: proto/assay/v1/evaluation.proto

import type { SampleResult as _assay_v1_SampleResult, SampleResult__Output as _assay_v1_SampleResult__Output } from '../../assay/v1/SampleResult.ts';

/**
 * One page. It may have fewer entries than were asked for, even none: only an empty token says that it is the last.
 */
export interface ListSamplesResponse {
  /**
   * Without completion and reasoning; explanations and error messages cut to 200 characters.
   */
  'samples'?: (_assay_v1_SampleResult)[];
  /**
   * Empty: this is the last page.
   */
  'nextPageToken'?: (string);
}

/**
 * One page. It may have fewer entries than were asked for, even none: only an empty token says that it is the last.
 */
export interface ListSamplesResponse__Output {
  /**
   * Without completion and reasoning; explanations and error messages cut to 200 characters.
   */
  'samples': (_assay_v1_SampleResult__Output)[];
  /**
   * Empty: this is the last page.
   */
  'nextPageToken': (string);
}
