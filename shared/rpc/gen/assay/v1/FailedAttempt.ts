// Original file: proto/assay/v1/evaluation.proto

import type { Long } from '@grpc/proto-loader';

/**
 * One failed model call, or one failed run of a sample.
 */
export interface FailedAttempt {
  /**
   * When it began.
   */
  'startedAtMs'?: (number | string | Long);
  /**
   * Until it failed.
   */
  'durationMs'?: (number | string);
  /**
   * rate_limit, server_error, …
   */
  'errorClass'?: (string);
  /**
   * The endpoint's words.
   */
  'message'?: (string);
  /**
   * 0: there was none.
   */
  'httpStatus'?: (number);
  /**
   * The wait before the next one.
   */
  'waitedMs'?: (number | string);
}

/**
 * One failed model call, or one failed run of a sample.
 */
export interface FailedAttempt__Output {
  /**
   * When it began.
   */
  'startedAtMs': (string);
  /**
   * Until it failed.
   */
  'durationMs': (number);
  /**
   * rate_limit, server_error, …
   */
  'errorClass': (string);
  /**
   * The endpoint's words.
   */
  'message': (string);
  /**
   * 0: there was none.
   */
  'httpStatus': (number);
  /**
   * The wait before the next one.
   */
  'waitedMs': (number);
}
