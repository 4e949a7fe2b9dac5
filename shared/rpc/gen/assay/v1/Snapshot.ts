// Original file: proto/assay/v1/evaluation.proto

import type { Evaluation as _assay_v1_Evaluation, Evaluation__Output as _assay_v1_Evaluation__Output } from '../../assay/v1/Evaluation.ts';

/**
 * The whole picture.
 */
export interface Snapshot {
  /**
   * As it stood at the cursor.
   */
  'evaluation'?: (_assay_v1_Evaluation | null);
  /**
   * Events were left out before it.
   */
  'resync'?: (boolean);
}

/**
 * The whole picture.
 */
export interface Snapshot__Output {
  /**
   * As it stood at the cursor.
   */
  'evaluation': (_assay_v1_Evaluation__Output | null);
  /**
   * Events were left out before it.
   */
  'resync': (boolean);
}
