// Original file: proto/assay/v1/evaluation.proto

import type { EvaluationSummary as _assay_v1_EvaluationSummary, EvaluationSummary__Output as _assay_v1_EvaluationSummary__Output } from '../../assay/v1/EvaluationSummary.ts';
import type { GroupProgress as _assay_v1_GroupProgress, GroupProgress__Output as _assay_v1_GroupProgress__Output } from '../../assay/v1/GroupProgress.ts';

/**
 * An evaluation in a list that is told as it changes.
 */
export interface ListedEvaluation {
  /**
   * As ListEvaluations has it; of one that runs the counts are as they stand now.
   */
  'summary'?: (_assay_v1_EvaluationSummary | null);
  /**
   * Of one that is not final: how its first groups stand, at most 4.
   */
  'groups'?: (_assay_v1_GroupProgress)[];
  /**
   * How many groups it has; 0 of a final one.
   */
  'groupCount'?: (number);
}

/**
 * An evaluation in a list that is told as it changes.
 */
export interface ListedEvaluation__Output {
  /**
   * As ListEvaluations has it; of one that runs the counts are as they stand now.
   */
  'summary': (_assay_v1_EvaluationSummary__Output | null);
  /**
   * Of one that is not final: how its first groups stand, at most 4.
   */
  'groups': (_assay_v1_GroupProgress__Output)[];
  /**
   * How many groups it has; 0 of a final one.
   */
  'groupCount': (number);
}
