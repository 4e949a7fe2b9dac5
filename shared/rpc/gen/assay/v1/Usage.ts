// Original file: proto/assay/v1/types.proto

import type { Long } from '@grpc/proto-loader';

/**
 * Tokens, as the model's endpoint reported them.
 */
export interface Usage {
  /**
   * Tokens of prompts.
   */
  'inputTokens'?: (number | string | Long);
  /**
   * Tokens of answers, reasoning included.
   */
  'outputTokens'?: (number | string | Long);
  /**
   * Model calls that were answered, and calls that were made again after a failure.
   */
  'calls'?: (number | string | Long);
  /**
   * Calls that were made again after a failure.
   */
  'retries'?: (number | string | Long);
  /**
   * Of output_tokens: those spent on reasoning, where the endpoint says so.
   */
  'reasoningTokens'?: (number | string | Long);
}

/**
 * Tokens, as the model's endpoint reported them.
 */
export interface Usage__Output {
  /**
   * Tokens of prompts.
   */
  'inputTokens': (string);
  /**
   * Tokens of answers, reasoning included.
   */
  'outputTokens': (string);
  /**
   * Model calls that were answered, and calls that were made again after a failure.
   */
  'calls': (string);
  /**
   * Calls that were made again after a failure.
   */
  'retries': (string);
  /**
   * Of output_tokens: those spent on reasoning, where the endpoint says so.
   */
  'reasoningTokens': (string);
}
