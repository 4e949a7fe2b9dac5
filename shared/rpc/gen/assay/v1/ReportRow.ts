// Original file: proto/assay/v1/evaluation.proto

import type { Counts as _assay_v1_Counts, Counts__Output as _assay_v1_Counts__Output } from '../../assay/v1/Counts.ts';

/**
 * One row of the report: one scorer of one benchmark over one model. Its counts are of this scorer: a unit is errored here
 * if it has no completion or this scorer failed.
 */
export interface ReportRow {
  'benchmark'?: (string);
  'model'?: (string);
  'scorer'?: (string);
  /**
   * accuracy, mean, stderr …; a metric without values is absent.
   */
  'metrics'?: ({[key: string]: number | string});
  'counts'?: (_assay_v1_Counts | null);
}

/**
 * One row of the report: one scorer of one benchmark over one model. Its counts are of this scorer: a unit is errored here
 * if it has no completion or this scorer failed.
 */
export interface ReportRow__Output {
  'benchmark': (string);
  'model': (string);
  'scorer': (string);
  /**
   * accuracy, mean, stderr …; a metric without values is absent.
   */
  'metrics': ({[key: string]: number});
  'counts': (_assay_v1_Counts__Output | null);
}
