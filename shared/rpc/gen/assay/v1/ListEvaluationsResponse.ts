// Original file: proto/assay/v1/evaluation.proto

import type { EvaluationSummary as _assay_v1_EvaluationSummary, EvaluationSummary__Output as _assay_v1_EvaluationSummary__Output } from '../../assay/v1/EvaluationSummary.ts';

/**
 * One page. It may have fewer entries than were asked for: only an empty token says that it is the last.
 */
export interface ListEvaluationsResponse {
  /**
   * The newest first.
   */
  'evaluations'?: (_assay_v1_EvaluationSummary)[];
  /**
   * Empty: this is the last page.
   */
  'nextPageToken'?: (string);
}

/**
 * One page. It may have fewer entries than were asked for: only an empty token says that it is the last.
 */
export interface ListEvaluationsResponse__Output {
  /**
   * The newest first.
   */
  'evaluations': (_assay_v1_EvaluationSummary__Output)[];
  /**
   * Empty: this is the last page.
   */
  'nextPageToken': (string);
}
