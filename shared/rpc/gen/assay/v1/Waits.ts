// Original file: proto/assay/v1/operator.proto

import type { Long } from '@grpc/proto-loader';

/**
 * How long tasks wait, in milliseconds; all 0: there are none. Percentiles of what was waited lie within a tenth of the true ones.
 */
export interface Waits {
  /**
   * How many.
   */
  'tasks'?: (number);
  /**
   * Half of them not longer.
   */
  'p50Ms'?: (number | string | Long);
  /**
   * Nine of ten not longer.
   */
  'p90Ms'?: (number | string | Long);
  /**
   * 99 of 100 not longer.
   */
  'p99Ms'?: (number | string | Long);
  /**
   * None longer.
   */
  'maxMs'?: (number | string | Long);
}

/**
 * How long tasks wait, in milliseconds; all 0: there are none. Percentiles of what was waited lie within a tenth of the true ones.
 */
export interface Waits__Output {
  /**
   * How many.
   */
  'tasks': (number);
  /**
   * Half of them not longer.
   */
  'p50Ms': (string);
  /**
   * Nine of ten not longer.
   */
  'p90Ms': (string);
  /**
   * 99 of 100 not longer.
   */
  'p99Ms': (string);
  /**
   * None longer.
   */
  'maxMs': (string);
}
