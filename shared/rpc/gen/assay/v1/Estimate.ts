// Original file: proto/assay/v1/evaluation.proto

import type { Long } from '@grpc/proto-loader';

/**
 * Tokens are counted roughly, at four characters a token; output as max_tokens where it is set, else as 256.
 */
export interface Estimate {
  /**
   * Samples times epochs.
   */
  'units'?: (number);
  /**
   * Of the prompts.
   */
  'inputTokens'?: (number | string | Long);
  /**
   * Of the answers.
   */
  'outputTokens'?: (number | string | Long);
  /**
   * Absent when the table of prices does not know the model; of a total: of those that it knows.
   */
  'costUsd'?: (number | string);
  '_costUsd'?: "costUsd";
}

/**
 * Tokens are counted roughly, at four characters a token; output as max_tokens where it is set, else as 256.
 */
export interface Estimate__Output {
  /**
   * Samples times epochs.
   */
  'units': (number);
  /**
   * Of the prompts.
   */
  'inputTokens': (string);
  /**
   * Of the answers.
   */
  'outputTokens': (string);
  /**
   * Absent when the table of prices does not know the model; of a total: of those that it knows.
   */
  'costUsd'?: (number);
  '_costUsd'?: "costUsd";
}
