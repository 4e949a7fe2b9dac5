// Original file: proto/assay/v1/why.proto

import type { ReasonEffect as _assay_v1_ReasonEffect, ReasonEffect__Output as _assay_v1_ReasonEffect__Output } from '../../assay/v1/ReasonEffect.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * How often, and for how long, a reason was the first one.
 */
export interface ReasonTotal {
  /**
   * As in Reason; of those that say that work runs, `running`.
   */
  'code'?: (string);
  /**
   * What it did.
   */
  'effect'?: (_assay_v1_ReasonEffect);
  /**
   * The route that it was about; empty: all of the work.
   */
  'route'?: (string);
  /**
   * Periods of it.
   */
  'times'?: (number);
  /**
   * All of them together.
   */
  'totalMs'?: (number | string | Long);
}

/**
 * How often, and for how long, a reason was the first one.
 */
export interface ReasonTotal__Output {
  /**
   * As in Reason; of those that say that work runs, `running`.
   */
  'code': (string);
  /**
   * What it did.
   */
  'effect': (_assay_v1_ReasonEffect__Output);
  /**
   * The route that it was about; empty: all of the work.
   */
  'route': (string);
  /**
   * Periods of it.
   */
  'times': (number);
  /**
   * All of them together.
   */
  'totalMs': (string);
}
