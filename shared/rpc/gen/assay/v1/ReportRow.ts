// Original file: proto/assay/v1/evaluation.proto

import type { Counts as _assay_v1_Counts, Counts__Output as _assay_v1_Counts__Output } from '../../assay/v1/Counts.ts';

/**
 * One row of the report: one scorer of one benchmark over one model. Its counts are of this scorer: a unit is errored here
 * if it has no completion or this scorer failed.
 */
export interface ReportRow {
  /**
   * Its name.
   */
  'benchmark'?: (string);
  /**
   * Its name.
   */
  'model'?: (string);
  /**
   * Its name; with a named chain of filters `name,chain`; a second one of a name is `name#2`.
   */
  'scorer'?: (string);
  /**
   * accuracy, mean, stderr, std, var, ci_lower, ci_upper, bootstrap_stderr …; a metric without values is absent. Scores by groups of
   * metadata, and what benchmarks add up to, stand in `report_json` alone.
   */
  'metrics'?: ({[key: string]: number | string});
  /**
   * Of units, as this scorer sees them.
   */
  'counts'?: (_assay_v1_Counts | null);
  /**
   * How the epochs of a sample were reduced to one value: mean, median, mode, max, maj_8, at_least_2, pass_at_5, pass_k_5, g_pass_5_50 …
   */
  'reducer'?: (string);
  /**
   * Samples with a reduced score: the n of the metrics. 0: none, or the report is of a release that did not say.
   */
  'samples'?: (number);
}

/**
 * One row of the report: one scorer of one benchmark over one model. Its counts are of this scorer: a unit is errored here
 * if it has no completion or this scorer failed.
 */
export interface ReportRow__Output {
  /**
   * Its name.
   */
  'benchmark': (string);
  /**
   * Its name.
   */
  'model': (string);
  /**
   * Its name; with a named chain of filters `name,chain`; a second one of a name is `name#2`.
   */
  'scorer': (string);
  /**
   * accuracy, mean, stderr, std, var, ci_lower, ci_upper, bootstrap_stderr …; a metric without values is absent. Scores by groups of
   * metadata, and what benchmarks add up to, stand in `report_json` alone.
   */
  'metrics': ({[key: string]: number});
  /**
   * Of units, as this scorer sees them.
   */
  'counts': (_assay_v1_Counts__Output | null);
  /**
   * How the epochs of a sample were reduced to one value: mean, median, mode, max, maj_8, at_least_2, pass_at_5, pass_k_5, g_pass_5_50 …
   */
  'reducer': (string);
  /**
   * Samples with a reduced score: the n of the metrics. 0: none, or the report is of a release that did not say.
   */
  'samples': (number);
}
