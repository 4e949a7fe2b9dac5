// Original file: proto/assay/v1/evaluation.proto

import type { Evaluation as _assay_v1_Evaluation, Evaluation__Output as _assay_v1_Evaluation__Output } from '../../assay/v1/Evaluation.ts';

export interface Snapshot {
  'evaluation'?: (_assay_v1_Evaluation | null);
  'resync'?: (boolean);
}

export interface Snapshot__Output {
  'evaluation': (_assay_v1_Evaluation__Output | null);
  'resync': (boolean);
}
