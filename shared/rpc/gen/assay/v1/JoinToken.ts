// Original file: proto/assay/v1/identity.proto

import type { Namespaces as _assay_v1_Namespaces, Namespaces__Output as _assay_v1_Namespaces__Output } from '../../assay/v1/Namespaces.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * A join token, without what proves it.
 */
export interface JoinToken {
  /**
   * What it is called by: `jt_` and 16 characters.
   */
  'joinTokenId'?: (string);
  /**
   * What its agent will be called. Empty: what it calls itself.
   */
  'name'?: (string);
  /**
   * Whose tasks its agent may be given.
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
   * When it was made.
   */
  'createdAtMs'?: (number | string | Long);
  /**
   * Who made it: the name, and of a token its id.
   */
  'createdBy'?: (string);
  /**
   * When it is over.
   */
  'expiresAtMs'?: (number | string | Long);
  /**
   * When it was revoked; 0: it was not.
   */
  'revokedAtMs'?: (number | string | Long);
  /**
   * Who revoked it, in the same form.
   */
  'revokedBy'?: (string);
}

/**
 * A join token, without what proves it.
 */
export interface JoinToken__Output {
  /**
   * What it is called by: `jt_` and 16 characters.
   */
  'joinTokenId': (string);
  /**
   * What its agent will be called. Empty: what it calls itself.
   */
  'name': (string);
  /**
   * Whose tasks its agent may be given.
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
   * When it was made.
   */
  'createdAtMs': (string);
  /**
   * Who made it: the name, and of a token its id.
   */
  'createdBy': (string);
  /**
   * When it is over.
   */
  'expiresAtMs': (string);
  /**
   * When it was revoked; 0: it was not.
   */
  'revokedAtMs': (string);
  /**
   * Who revoked it, in the same form.
   */
  'revokedBy': (string);
}
