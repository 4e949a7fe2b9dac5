// Original file: proto/assay/v1/types.proto

import type { Long } from '@grpc/proto-loader';

/**
 * Tokens, as the model's endpoint reported them.
 */
export interface Usage {
  'inputTokens'?: (number | string | Long);
  'outputTokens'?: (number | string | Long);
  /**
   * Model calls that were answered, and calls that were made again after a failure.
   */
  'calls'?: (number | string | Long);
  'retries'?: (number | string | Long);
}

/**
 * Tokens, as the model's endpoint reported them.
 */
export interface Usage__Output {
  'inputTokens': (string);
  'outputTokens': (string);
  /**
   * Model calls that were answered, and calls that were made again after a failure.
   */
  'calls': (string);
  'retries': (string);
}
