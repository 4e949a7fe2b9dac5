// Original file: proto/assay/v1/agent.proto

import type { Assignment as _assay_v1_Assignment, Assignment__Output as _assay_v1_Assignment__Output } from '../../assay/v1/Assignment.ts';

/**
 * Attempts for this agent, in one message or several.
 */
export interface Assign {
  /**
   * Each by itself is accepted.
   */
  'assignments'?: (_assay_v1_Assignment)[];
}

/**
 * Attempts for this agent, in one message or several.
 */
export interface Assign__Output {
  /**
   * Each by itself is accepted.
   */
  'assignments': (_assay_v1_Assignment__Output)[];
}
