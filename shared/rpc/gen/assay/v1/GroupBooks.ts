// Original file: proto/assay/v1/books.proto

import type { Counts as _assay_v1_Counts, Counts__Output as _assay_v1_Counts__Output } from '../../assay/v1/Counts.ts';
import type { JudgeOf as _assay_v1_JudgeOf, JudgeOf__Output as _assay_v1_JudgeOf__Output } from '../../assay/v1/JudgeOf.ts';

/**
 * The books of one (benchmark, model).
 */
export interface GroupBooks {
  /**
   * Its name.
   */
  'benchmark'?: (string);
  /**
   * Its name.
   */
  'model'?: (string);
  /**
   * Of its units.
   */
  'counts'?: (_assay_v1_Counts | null);
  /**
   * Of a judge's calls.
   */
  'judgeOf'?: (_assay_v1_JudgeOf | null);
}

/**
 * The books of one (benchmark, model).
 */
export interface GroupBooks__Output {
  /**
   * Its name.
   */
  'benchmark': (string);
  /**
   * Its name.
   */
  'model': (string);
  /**
   * Of its units.
   */
  'counts': (_assay_v1_Counts__Output | null);
  /**
   * Of a judge's calls.
   */
  'judgeOf': (_assay_v1_JudgeOf__Output | null);
}
