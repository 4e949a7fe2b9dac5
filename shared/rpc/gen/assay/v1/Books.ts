// Original file: proto/assay/v1/books.proto

import type { EvaluationState as _assay_v1_EvaluationState, EvaluationState__Output as _assay_v1_EvaluationState__Output } from '../../assay/v1/EvaluationState.ts';
import type { Counts as _assay_v1_Counts, Counts__Output as _assay_v1_Counts__Output } from '../../assay/v1/Counts.ts';
import type { GroupBooks as _assay_v1_GroupBooks, GroupBooks__Output as _assay_v1_GroupBooks__Output } from '../../assay/v1/GroupBooks.ts';
import type { FrameBooks as _assay_v1_FrameBooks, FrameBooks__Output as _assay_v1_FrameBooks__Output } from '../../assay/v1/FrameBooks.ts';
import type { BooksDifference as _assay_v1_BooksDifference, BooksDifference__Output as _assay_v1_BooksDifference__Output } from '../../assay/v1/BooksDifference.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * What the store says, and where what is served says otherwise.
 */
export interface Books {
  /**
   * Which evaluation.
   */
  'evaluationId'?: (string);
  /**
   * As it is served.
   */
  'state'?: (_assay_v1_EvaluationState);
  /**
   * Everything that could be compared is equal: there are no differences.
   */
  'balanced'?: (boolean);
  /**
   * Recomputed: total = open + scored + unscored + errored + cancelled + dead.
   */
  'counts'?: (_assay_v1_Counts | null);
  /**
   * The same for each (benchmark, model).
   */
  'groups'?: (_assay_v1_GroupBooks)[];
  /**
   * What was written of results.
   */
  'frames'?: (_assay_v1_FrameBooks | null);
  /**
   * Requeues in the journal, and the units that they opened again, each as often as it was opened.
   */
  'requeues'?: (number);
  /**
   * Units that requeues have opened, each as often as it was opened.
   */
  'requeuedUnits'?: (number | string | Long);
  /**
   * 1, and one more for every recovery that was begun.
   */
  'generations'?: (number);
  /**
   * Attempts that brought a result.
   */
  'attempts'?: (number | string | Long);
  /**
   * Units that count, by the id of the agent that ran them.
   */
  'agents'?: ({[key: string]: number});
  /**
   * Where the books do not balance, at most 100.
   */
  'differences'?: (_assay_v1_BooksDifference)[];
  /**
   * How many more there are.
   */
  'moreDifferences'?: (number | string | Long);
  /**
   * What could not be compared, and why: of a running evaluation there is no report, say.
   */
  'notCompared'?: (string)[];
}

/**
 * What the store says, and where what is served says otherwise.
 */
export interface Books__Output {
  /**
   * Which evaluation.
   */
  'evaluationId': (string);
  /**
   * As it is served.
   */
  'state': (_assay_v1_EvaluationState__Output);
  /**
   * Everything that could be compared is equal: there are no differences.
   */
  'balanced': (boolean);
  /**
   * Recomputed: total = open + scored + unscored + errored + cancelled + dead.
   */
  'counts': (_assay_v1_Counts__Output | null);
  /**
   * The same for each (benchmark, model).
   */
  'groups': (_assay_v1_GroupBooks__Output)[];
  /**
   * What was written of results.
   */
  'frames': (_assay_v1_FrameBooks__Output | null);
  /**
   * Requeues in the journal, and the units that they opened again, each as often as it was opened.
   */
  'requeues': (number);
  /**
   * Units that requeues have opened, each as often as it was opened.
   */
  'requeuedUnits': (string);
  /**
   * 1, and one more for every recovery that was begun.
   */
  'generations': (number);
  /**
   * Attempts that brought a result.
   */
  'attempts': (string);
  /**
   * Units that count, by the id of the agent that ran them.
   */
  'agents': ({[key: string]: number});
  /**
   * Where the books do not balance, at most 100.
   */
  'differences': (_assay_v1_BooksDifference__Output)[];
  /**
   * How many more there are.
   */
  'moreDifferences': (string);
  /**
   * What could not be compared, and why: of a running evaluation there is no report, say.
   */
  'notCompared': (string)[];
}
