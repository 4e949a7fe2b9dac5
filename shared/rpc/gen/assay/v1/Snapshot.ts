// Original file: proto/assay/v1/evaluation.proto

import type { Evaluation as _assay_v1_Evaluation, Evaluation__Output as _assay_v1_Evaluation__Output } from '../../assay/v1/Evaluation.ts';

/**
 * The whole picture.
 */
export interface Snapshot {
  /**
   * As it stood at the cursor of this event. Of one that is over: its end, which has the cursor of the picture, follows as an event of its own.
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
   * As it stood at the cursor of this event. Of one that is over: its end, which has the cursor of the picture, follows as an event of its own.
   */
  'evaluation': (_assay_v1_Evaluation__Output | null);
  /**
   * Events were left out before it.
   */
  'resync': (boolean);
}
