// Original file: proto/assay/v1/evaluation.proto

import type { EvaluationState as _assay_v1_EvaluationState, EvaluationState__Output as _assay_v1_EvaluationState__Output } from '../../assay/v1/EvaluationState.ts';
import type { Counts as _assay_v1_Counts, Counts__Output as _assay_v1_Counts__Output } from '../../assay/v1/Counts.ts';
import type { ReportRow as _assay_v1_ReportRow, ReportRow__Output as _assay_v1_ReportRow__Output } from '../../assay/v1/ReportRow.ts';
import type { Cost as _assay_v1_Cost, Cost__Output as _assay_v1_Cost__Output } from '../../assay/v1/Cost.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * An evaluation in a list.
 */
export interface EvaluationSummary {
  /**
   * As in Evaluation, like all that bear the same name there.
   */
  'evaluationId'?: (string);
  /**
   * From the spec.
   */
  'name'?: (string);
  /**
   * Where it is in its life.
   */
  'state'?: (_assay_v1_EvaluationState);
  /**
   * When it was submitted.
   */
  'createdAtMs'?: (number | string | Long);
  /**
   * 0 while it is not final.
   */
  'finishedAtMs'?: (number | string | Long);
  /**
   * Of all units; of one that runs they may be some seconds old.
   */
  'counts'?: (_assay_v1_Counts | null);
  /**
   * The namespace of its key.
   */
  'namespace'?: (string);
  /**
   * Who is to be asked about it.
   */
  'owner'?: (string);
  /**
   * From the spec, or from the last update.
   */
  'tags'?: (string)[];
  /**
   * One JSON object in UTF-8.
   */
  'metadataJson'?: (Buffer | Uint8Array | string);
  /**
   * Names of its benchmarks, in the spec's order.
   */
  'benchmarks'?: (string)[];
  /**
   * Names of its models, in the spec's order.
   */
  'models'?: (string)[];
  /**
   * 1 is handed out first, 10 last.
   */
  'priority'?: (number);
  /**
   * Why it is in its state, when that is not obvious.
   */
  'reason'?: (string);
  /**
   * Of a final one: the rows of its report, at most 20.
   */
  'results'?: (_assay_v1_ReportRow)[];
  /**
   * It is kept for ever.
   */
  'keep'?: (boolean);
  /**
   * Of a final one: bytes in the store that are its own (journal, results, report); datasets are not counted. 0 while it is not final.
   */
  'storedBytes'?: (number | string | Long);
  /**
   * As in Evaluation.
   */
  'cost'?: (_assay_v1_Cost | null);
}

/**
 * An evaluation in a list.
 */
export interface EvaluationSummary__Output {
  /**
   * As in Evaluation, like all that bear the same name there.
   */
  'evaluationId': (string);
  /**
   * From the spec.
   */
  'name': (string);
  /**
   * Where it is in its life.
   */
  'state': (_assay_v1_EvaluationState__Output);
  /**
   * When it was submitted.
   */
  'createdAtMs': (string);
  /**
   * 0 while it is not final.
   */
  'finishedAtMs': (string);
  /**
   * Of all units; of one that runs they may be some seconds old.
   */
  'counts': (_assay_v1_Counts__Output | null);
  /**
   * The namespace of its key.
   */
  'namespace': (string);
  /**
   * Who is to be asked about it.
   */
  'owner': (string);
  /**
   * From the spec, or from the last update.
   */
  'tags': (string)[];
  /**
   * One JSON object in UTF-8.
   */
  'metadataJson': (Buffer);
  /**
   * Names of its benchmarks, in the spec's order.
   */
  'benchmarks': (string)[];
  /**
   * Names of its models, in the spec's order.
   */
  'models': (string)[];
  /**
   * 1 is handed out first, 10 last.
   */
  'priority': (number);
  /**
   * Why it is in its state, when that is not obvious.
   */
  'reason': (string);
  /**
   * Of a final one: the rows of its report, at most 20.
   */
  'results': (_assay_v1_ReportRow__Output)[];
  /**
   * It is kept for ever.
   */
  'keep': (boolean);
  /**
   * Of a final one: bytes in the store that are its own (journal, results, report); datasets are not counted. 0 while it is not final.
   */
  'storedBytes': (string);
  /**
   * As in Evaluation.
   */
  'cost': (_assay_v1_Cost__Output | null);
}
