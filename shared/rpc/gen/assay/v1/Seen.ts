// Original file: proto/assay/v1/operator.proto

import type { Long } from '@grpc/proto-loader';

/**
 * When a coordinator or an agent was last heard of.
 */
export interface Seen {
  /**
   * Of a coordinator or an agent.
   */
  'id'?: (string);
  /**
   * When.
   */
  'seenAtMs'?: (number | string | Long);
}

/**
 * When a coordinator or an agent was last heard of.
 */
export interface Seen__Output {
  /**
   * Of a coordinator or an agent.
   */
  'id': (string);
  /**
   * When.
   */
  'seenAtMs': (string);
}
