// Original file: proto/assay/v1/identity.proto

import type { Namespaces as _assay_v1_Namespaces, Namespaces__Output as _assay_v1_Namespaces__Output } from '../../assay/v1/Namespaces.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * An agent that has joined, as the coordinator keeps it. It goes before what the agent says of itself.
 */
export interface JoinedAgent {
  /**
   * `ag_` and 16 hex digits.
   */
  'agentId'?: (string);
  /**
   * For people.
   */
  'name'?: (string);
  /**
   * Whose tasks it may be given.
   */
  'namespaces'?: (_assay_v1_Namespaces | null);
  /**
   * Empty: none.
   */
  'pool'?: (string);
  /**
   * Those that are bound.
   */
  'labels'?: ({[key: string]: string});
  /**
   * When it joined.
   */
  'createdAtMs'?: (number | string | Long);
  /**
   * Who made its join token.
   */
  'createdBy'?: (string);
  /**
   * When its key is over, unless it is rotated.
   */
  'expiresAtMs'?: (number | string | Long);
  /**
   * When it was revoked; 0: it was not.
   */
  'revokedAtMs'?: (number | string | Long);
  /**
   * Who revoked it.
   */
  'revokedBy'?: (string);
}

/**
 * An agent that has joined, as the coordinator keeps it. It goes before what the agent says of itself.
 */
export interface JoinedAgent__Output {
  /**
   * `ag_` and 16 hex digits.
   */
  'agentId': (string);
  /**
   * For people.
   */
  'name': (string);
  /**
   * Whose tasks it may be given.
   */
  'namespaces': (_assay_v1_Namespaces__Output | null);
  /**
   * Empty: none.
   */
  'pool': (string);
  /**
   * Those that are bound.
   */
  'labels': ({[key: string]: string});
  /**
   * When it joined.
   */
  'createdAtMs': (string);
  /**
   * Who made its join token.
   */
  'createdBy': (string);
  /**
   * When its key is over, unless it is rotated.
   */
  'expiresAtMs': (string);
  /**
   * When it was revoked; 0: it was not.
   */
  'revokedAtMs': (string);
  /**
   * Who revoked it.
   */
  'revokedBy': (string);
}
