// Original file: proto/assay/v1/operator.proto

import type { Collected as _assay_v1_Collected, Collected__Output as _assay_v1_Collected__Output } from '../../assay/v1/Collected.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * How far it is.
 */
export interface CollectGarbageResponse {
  /**
   * What was removed so far, or would be, by kind.
   */
  'collected'?: (_assay_v1_Collected)[];
  /**
   * Contents that were looked at and stay.
   */
  'contents'?: (number | string | Long);
  /**
   * Their bytes.
   */
  'contentBytes'?: (number | string | Long);
  /**
   * This is all.
   */
  'done'?: (boolean);
}

/**
 * How far it is.
 */
export interface CollectGarbageResponse__Output {
  /**
   * What was removed so far, or would be, by kind.
   */
  'collected': (_assay_v1_Collected__Output)[];
  /**
   * Contents that were looked at and stay.
   */
  'contents': (string);
  /**
   * Their bytes.
   */
  'contentBytes': (string);
  /**
   * This is all.
   */
  'done': (boolean);
}
