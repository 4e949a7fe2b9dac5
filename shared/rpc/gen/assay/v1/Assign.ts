// Original file: proto/assay/v1/agent.proto

import type { Assignment as _assay_v1_Assignment, Assignment__Output as _assay_v1_Assignment__Output } from '../../assay/v1/Assignment.ts';

export interface Assign {
  'assignments'?: (_assay_v1_Assignment)[];
}

export interface Assign__Output {
  'assignments': (_assay_v1_Assignment__Output)[];
}
