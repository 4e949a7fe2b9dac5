// Original file: proto/assay/v1/types.proto

import type { Long } from '@grpc/proto-loader';

/**
 * Of one model.
 */
export interface ModelCost {
  /**
   * Its name.
   */
  'model'?: (string);
  /**
   * Tokens of prompts.
   */
  'inputTokens'?: (number | string | Long);
  /**
   * Tokens of answers, reasoning included.
   */
  'outputTokens'?: (number | string | Long);
  /**
   * US dollars; absent: its price is not known.
   */
  'costUsd'?: (number | string);
  /**
   * Its price: US dollars for a million tokens of prompts.
   */
  'inputUsdPerMillion'?: (number | string);
  /**
   * The same of answers.
   */
  'outputUsdPerMillion'?: (number | string);
  '_costUsd'?: "costUsd";
  '_inputUsdPerMillion'?: "inputUsdPerMillion";
  '_outputUsdPerMillion'?: "outputUsdPerMillion";
}

/**
 * Of one model.
 */
export interface ModelCost__Output {
  /**
   * Its name.
   */
  'model': (string);
  /**
   * Tokens of prompts.
   */
  'inputTokens': (string);
  /**
   * Tokens of answers, reasoning included.
   */
  'outputTokens': (string);
  /**
   * US dollars; absent: its price is not known.
   */
  'costUsd'?: (number);
  /**
   * Its price: US dollars for a million tokens of prompts.
   */
  'inputUsdPerMillion'?: (number);
  /**
   * The same of answers.
   */
  'outputUsdPerMillion'?: (number);
  '_costUsd'?: "costUsd";
  '_inputUsdPerMillion'?: "inputUsdPerMillion";
  '_outputUsdPerMillion'?: "outputUsdPerMillion";
}
