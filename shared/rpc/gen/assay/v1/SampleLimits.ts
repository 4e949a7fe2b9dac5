// Original file: proto/assay/v1/types.proto

import type { Long } from '@grpc/proto-loader';

/**
 * Bounds of one sample, each absent when there is none. What exceeds one ends: without a completion as errored of class `limit`.
 */
export interface SampleLimits {
  /**
   * Seconds from the sample's start to its end.
   */
  'time'?: (number | string);
  /**
   * Seconds of work: as `time`, but waits for a connection, and between repetitions, do not count.
   */
  'working'?: (number | string);
  /**
   * Tokens of all its model calls, input and output.
   */
  'tokens'?: (number | string | Long);
  '_time'?: "time";
  '_working'?: "working";
  '_tokens'?: "tokens";
}

/**
 * Bounds of one sample, each absent when there is none. What exceeds one ends: without a completion as errored of class `limit`.
 */
export interface SampleLimits__Output {
  /**
   * Seconds from the sample's start to its end.
   */
  'time'?: (number);
  /**
   * Seconds of work: as `time`, but waits for a connection, and between repetitions, do not count.
   */
  'working'?: (number);
  /**
   * Tokens of all its model calls, input and output.
   */
  'tokens'?: (string);
  '_time'?: "time";
  '_working'?: "working";
  '_tokens'?: "tokens";
}
