// Original file: proto/assay/v1/evaluation.proto

import type { EvaluationState as _assay_v1_EvaluationState, EvaluationState__Output as _assay_v1_EvaluationState__Output } from '../../assay/v1/EvaluationState.ts';
import type { ReportRow as _assay_v1_ReportRow, ReportRow__Output as _assay_v1_ReportRow__Output } from '../../assay/v1/ReportRow.ts';
import type { Counts as _assay_v1_Counts, Counts__Output as _assay_v1_Counts__Output } from '../../assay/v1/Counts.ts';
import type { Usage as _assay_v1_Usage, Usage__Output as _assay_v1_Usage__Output } from '../../assay/v1/Usage.ts';

/**
 * The report. Its fields are a part of the document for those who read no JSON.
 */
export interface GetReportResponse {
  /**
   * Which evaluation.
   */
  'evaluationId'?: (string);
  /**
   * A final one.
   */
  'state'?: (_assay_v1_EvaluationState);
  /**
   * One row for each scorer, reducer, benchmark and model.
   */
  'results'?: (_assay_v1_ReportRow)[];
  /**
   * Of units, each counted once.
   */
  'units'?: (_assay_v1_Counts | null);
  /**
   * Of all model calls that gave a result.
   */
  'usage'?: (_assay_v1_Usage | null);
  /**
   * The whole report as a JSON document: {evaluationId, name, state, results, units, usage, usageByModel, agents, timing,
   * specDigest}, see docs/report.md. Its `results` are the same bytes for any number of agents.
   */
  'reportJson'?: (Buffer | Uint8Array | string);
}

/**
 * The report. Its fields are a part of the document for those who read no JSON.
 */
export interface GetReportResponse__Output {
  /**
   * Which evaluation.
   */
  'evaluationId': (string);
  /**
   * A final one.
   */
  'state': (_assay_v1_EvaluationState__Output);
  /**
   * One row for each scorer, reducer, benchmark and model.
   */
  'results': (_assay_v1_ReportRow__Output)[];
  /**
   * Of units, each counted once.
   */
  'units': (_assay_v1_Counts__Output | null);
  /**
   * Of all model calls that gave a result.
   */
  'usage': (_assay_v1_Usage__Output | null);
  /**
   * The whole report as a JSON document: {evaluationId, name, state, results, units, usage, usageByModel, agents, timing,
   * specDigest}, see docs/report.md. Its `results` are the same bytes for any number of agents.
   */
  'reportJson': (Buffer);
}
