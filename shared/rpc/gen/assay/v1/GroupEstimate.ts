// Original file: proto/assay/v1/evaluation.proto

import type { Estimate as _assay_v1_Estimate, Estimate__Output as _assay_v1_Estimate__Output } from '../../assay/v1/Estimate.ts';
import type { JudgeOf as _assay_v1_JudgeOf, JudgeOf__Output as _assay_v1_JudgeOf__Output } from '../../assay/v1/JudgeOf.ts';

/**
 * What one (benchmark, model) is expected to take.
 */
export interface GroupEstimate {
  /**
   * Its name.
   */
  'benchmark'?: (string);
  /**
   * Its name.
   */
  'model'?: (string);
  /**
   * After filter, shuffle and limit; each counts once, whatever the epochs.
   */
  'samples'?: (number);
  /**
   * Over all epochs.
   */
  'estimate'?: (_assay_v1_Estimate | null);
  /**
   * Of a judge's calls: the answers are reckoned at their longest, as the estimate of their model has them.
   */
  'judgeOf'?: (_assay_v1_JudgeOf | null);
}

/**
 * What one (benchmark, model) is expected to take.
 */
export interface GroupEstimate__Output {
  /**
   * Its name.
   */
  'benchmark': (string);
  /**
   * Its name.
   */
  'model': (string);
  /**
   * After filter, shuffle and limit; each counts once, whatever the epochs.
   */
  'samples': (number);
  /**
   * Over all epochs.
   */
  'estimate': (_assay_v1_Estimate__Output | null);
  /**
   * Of a judge's calls: the answers are reckoned at their longest, as the estimate of their model has them.
   */
  'judgeOf': (_assay_v1_JudgeOf__Output | null);
}
