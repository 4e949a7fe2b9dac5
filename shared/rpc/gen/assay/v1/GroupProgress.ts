// Original file: proto/assay/v1/types.proto

import type { Counts as _assay_v1_Counts, Counts__Output as _assay_v1_Counts__Output } from '../../assay/v1/Counts.ts';
import type { ScorerSums as _assay_v1_ScorerSums, ScorerSums__Output as _assay_v1_ScorerSums__Output } from '../../assay/v1/ScorerSums.ts';
import type { JudgeOf as _assay_v1_JudgeOf, JudgeOf__Output as _assay_v1_JudgeOf__Output } from '../../assay/v1/JudgeOf.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * Progress of one (benchmark, model) of an evaluation. All values are absolute, so a missed event does no harm.
 */
export interface GroupProgress {
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
   * In the order of the spec.
   */
  'scorers'?: (_assay_v1_ScorerSums)[];
  /**
   * Retries of model calls so far.
   */
  'retries'?: (number);
  /**
   * Of a judge's calls.
   */
  'judgeOf'?: (_assay_v1_JudgeOf | null);
  /**
   * Tokens of its results so far, as endpoints reported them. Absent: they are not known by group; Evaluation.cost has those of one that is over.
   */
  'inputTokens'?: (number | string | Long);
  /**
   * Tokens of answers, reasoning included.
   */
  'outputTokens'?: (number | string | Long);
  '_inputTokens'?: "inputTokens";
  '_outputTokens'?: "outputTokens";
}

/**
 * Progress of one (benchmark, model) of an evaluation. All values are absolute, so a missed event does no harm.
 */
export interface GroupProgress__Output {
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
   * In the order of the spec.
   */
  'scorers': (_assay_v1_ScorerSums__Output)[];
  /**
   * Retries of model calls so far.
   */
  'retries': (number);
  /**
   * Of a judge's calls.
   */
  'judgeOf': (_assay_v1_JudgeOf__Output | null);
  /**
   * Tokens of its results so far, as endpoints reported them. Absent: they are not known by group; Evaluation.cost has those of one that is over.
   */
  'inputTokens'?: (string);
  /**
   * Tokens of answers, reasoning included.
   */
  'outputTokens'?: (string);
  '_inputTokens'?: "inputTokens";
  '_outputTokens'?: "outputTokens";
}
