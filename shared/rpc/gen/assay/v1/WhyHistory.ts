// Original file: proto/assay/v1/why.proto

import type { ReasonPeriod as _assay_v1_ReasonPeriod, ReasonPeriod__Output as _assay_v1_ReasonPeriod__Output } from '../../assay/v1/ReasonPeriod.ts';
import type { ReasonTotal as _assay_v1_ReasonTotal, ReasonTotal__Output as _assay_v1_ReasonTotal__Output } from '../../assay/v1/ReasonTotal.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * What the first reason was, as coordinators have seen it every few seconds. It lies in Redis for a week after the last look, and goes with its
 * evaluation. Of an evaluation it is what a reader of its namespace is told.
 */
export interface WhyHistory {
  /**
   * The first look; 0: nobody has looked yet.
   */
  'sinceMs'?: (number | string | Long);
  /**
   * The newest one first, at most 100. Where nobody looked for more than five minutes there is none.
   */
  'periods'?: (_assay_v1_ReasonPeriod)[];
  /**
   * Over all of the time, also of periods that are not listed any more; the longest one first.
   */
  'totals'?: (_assay_v1_ReasonTotal)[];
}

/**
 * What the first reason was, as coordinators have seen it every few seconds. It lies in Redis for a week after the last look, and goes with its
 * evaluation. Of an evaluation it is what a reader of its namespace is told.
 */
export interface WhyHistory__Output {
  /**
   * The first look; 0: nobody has looked yet.
   */
  'sinceMs': (string);
  /**
   * The newest one first, at most 100. Where nobody looked for more than five minutes there is none.
   */
  'periods': (_assay_v1_ReasonPeriod__Output)[];
  /**
   * Over all of the time, also of periods that are not listed any more; the longest one first.
   */
  'totals': (_assay_v1_ReasonTotal__Output)[];
}
