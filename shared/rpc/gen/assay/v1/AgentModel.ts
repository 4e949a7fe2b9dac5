// Original file: proto/assay/v1/operator.proto

import type { Long } from '@grpc/proto-loader';

/**
 * One entry of the agent's models.
 */
export interface AgentModel {
  /**
   * A model's name, or a pattern with `*`.
   */
  'match'?: (string);
  /**
   * Calls at the same time.
   */
  'maxConnections'?: (number);
  /**
   * Samples that the agent would take now.
   */
  'room'?: (number | string | Long);
  /**
   * Why it takes none (quota, auth, spool_full, draining); empty: it takes some.
   */
  'suspended'?: (string);
  /**
   * Calls at the same time now, where the agent learns what the endpoint bears; 0: it is max_connections.
   */
  'connections'?: (number);
  /**
   * Since when it takes none; 0: it takes some.
   */
  'suspendedAtMs'?: (number | string | Long);
  /**
   * When the agent tries again by itself, about; 0: it takes some, or cannot say.
   */
  'retryAtMs'?: (number | string | Long);
}

/**
 * One entry of the agent's models.
 */
export interface AgentModel__Output {
  /**
   * A model's name, or a pattern with `*`.
   */
  'match': (string);
  /**
   * Calls at the same time.
   */
  'maxConnections': (number);
  /**
   * Samples that the agent would take now.
   */
  'room': (string);
  /**
   * Why it takes none (quota, auth, spool_full, draining); empty: it takes some.
   */
  'suspended': (string);
  /**
   * Calls at the same time now, where the agent learns what the endpoint bears; 0: it is max_connections.
   */
  'connections': (number);
  /**
   * Since when it takes none; 0: it takes some.
   */
  'suspendedAtMs': (string);
  /**
   * When the agent tries again by itself, about; 0: it takes some, or cannot say.
   */
  'retryAtMs': (string);
}
