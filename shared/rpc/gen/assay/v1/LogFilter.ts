// Original file: proto/assay/v1/logs.proto

import type { LogLevel as _assay_v1_LogLevel, LogLevel__Output as _assay_v1_LogLevel__Output } from '../../assay/v1/LogLevel.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * Which lines. Every condition that is set must hold.
 */
export interface LogFilter {
  /**
   * Said at this time or later; milliseconds since 1970.
   */
  'sinceMs'?: (number | string | Long);
  /**
   * This much, or more.
   */
  'minLevel'?: (_assay_v1_LogLevel);
  /**
   * By the agent of this id or name; at most 256 characters.
   */
  'agent'?: (string);
  /**
   * The text has this in it, letters in either case; at most 200 characters.
   */
  'text'?: (string);
  /**
   * About this sample. Lines of an agent about itself are about none: refused there. A coordinator that is too old to know it passes over it.
   */
  'unit'?: (number);
  '_unit'?: "unit";
}

/**
 * Which lines. Every condition that is set must hold.
 */
export interface LogFilter__Output {
  /**
   * Said at this time or later; milliseconds since 1970.
   */
  'sinceMs': (string);
  /**
   * This much, or more.
   */
  'minLevel': (_assay_v1_LogLevel__Output);
  /**
   * By the agent of this id or name; at most 256 characters.
   */
  'agent': (string);
  /**
   * The text has this in it, letters in either case; at most 200 characters.
   */
  'text': (string);
  /**
   * About this sample. Lines of an agent about itself are about none: refused there. A coordinator that is too old to know it passes over it.
   */
  'unit'?: (number);
  '_unit'?: "unit";
}
