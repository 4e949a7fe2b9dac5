// Original file: proto/assay/v1/why.proto

import type { Long } from '@grpc/proto-loader';

/**
 * An agent's part in a reason.
 */
export interface ReasonAgent {
  /**
   * Its id.
   */
  'agentId'?: (string);
  /**
   * Its name.
   */
  'name'?: (string);
  /**
   * What is in the way there, or what it does; half a sentence.
   */
  'text'?: (string);
  /**
   * Since when, where that is known.
   */
  'sinceMs'?: (number | string | Long);
}

/**
 * An agent's part in a reason.
 */
export interface ReasonAgent__Output {
  /**
   * Its id.
   */
  'agentId': (string);
  /**
   * Its name.
   */
  'name': (string);
  /**
   * What is in the way there, or what it does; half a sentence.
   */
  'text': (string);
  /**
   * Since when, where that is known.
   */
  'sinceMs': (string);
}
