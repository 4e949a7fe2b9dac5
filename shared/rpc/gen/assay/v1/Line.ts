// Original file: proto/assay/v1/agent.proto

import type { Long } from '@grpc/proto-loader';

/**
 * One line.
 */
export interface Line {
  /**
   * What it is about: an attempt that came on this stream, or was resumed by it. Empty: the agent itself. Lines about others are left out.
   */
  'attemptId'?: (string);
  /**
   * By the agent's clock.
   */
  'timeMs'?: (number | string | Long);
  /**
   * `debug`, `info`, `warn` or `error`.
   */
  'level'?: (string);
  /**
   * What is longer than 2000 characters is cut.
   */
  'text'?: (string);
  /**
   * The sample that it is about.
   */
  'unit'?: (number);
  '_unit'?: "unit";
}

/**
 * One line.
 */
export interface Line__Output {
  /**
   * What it is about: an attempt that came on this stream, or was resumed by it. Empty: the agent itself. Lines about others are left out.
   */
  'attemptId': (string);
  /**
   * By the agent's clock.
   */
  'timeMs': (string);
  /**
   * `debug`, `info`, `warn` or `error`.
   */
  'level': (string);
  /**
   * What is longer than 2000 characters is cut.
   */
  'text': (string);
  /**
   * The sample that it is about.
   */
  'unit'?: (number);
  '_unit'?: "unit";
}
