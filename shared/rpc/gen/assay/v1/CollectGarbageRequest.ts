// Original file: proto/assay/v1/operator.proto

import type { Long } from '@grpc/proto-loader';

/**
 * What is to be collected.
 */
export interface CollectGarbageRequest {
  /**
   * What was written, uploaded or asked for less than so long ago stays: an upload is followed by its submit. Absent: a day. Less than an
   * hour is for a store that nobody works on.
   */
  'graceMs'?: (number | string | Long);
  /**
   * Nothing is removed, only counted.
   */
  'dryRun'?: (boolean);
  '_graceMs'?: "graceMs";
}

/**
 * What is to be collected.
 */
export interface CollectGarbageRequest__Output {
  /**
   * What was written, uploaded or asked for less than so long ago stays: an upload is followed by its submit. Absent: a day. Less than an
   * hour is for a store that nobody works on.
   */
  'graceMs'?: (string);
  /**
   * Nothing is removed, only counted.
   */
  'dryRun': (boolean);
  '_graceMs'?: "graceMs";
}
