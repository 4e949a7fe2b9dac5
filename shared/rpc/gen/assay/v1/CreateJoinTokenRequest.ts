// Original file: proto/assay/v1/identity.proto

import type { Namespaces as _assay_v1_Namespaces, Namespaces__Output as _assay_v1_Namespaces__Output } from '../../assay/v1/Namespaces.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * What the agent is to be.
 */
export interface CreateJoinTokenRequest {
  /**
   * Its name, 1 to 100 letters, digits, `.`, `_`, `-` or `@`. Empty: the one that it gives itself.
   */
  'name'?: (string);
  /**
   * Whose tasks it may be given; at least one.
   */
  'namespaces'?: (_assay_v1_Namespaces | null);
  /**
   * The value of its label `pool`; 1 to 63 letters, digits, `.`, `_` or `-`. Empty: it has none.
   */
  'pool'?: (string);
  /**
   * Of its labels, those that it does not choose itself; at most 32.
   */
  'labels'?: ({[key: string]: string});
  /**
   * How long the token holds: 1 second to 15 minutes. 0: 15 minutes.
   */
  'expiresInMs'?: (number | string | Long);
}

/**
 * What the agent is to be.
 */
export interface CreateJoinTokenRequest__Output {
  /**
   * Its name, 1 to 100 letters, digits, `.`, `_`, `-` or `@`. Empty: the one that it gives itself.
   */
  'name': (string);
  /**
   * Whose tasks it may be given; at least one.
   */
  'namespaces': (_assay_v1_Namespaces__Output | null);
  /**
   * The value of its label `pool`; 1 to 63 letters, digits, `.`, `_` or `-`. Empty: it has none.
   */
  'pool': (string);
  /**
   * Of its labels, those that it does not choose itself; at most 32.
   */
  'labels': ({[key: string]: string});
  /**
   * How long the token holds: 1 second to 15 minutes. 0: 15 minutes.
   */
  'expiresInMs': (string);
}
