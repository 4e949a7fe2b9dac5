// Original file: proto/assay/v1/identity.proto

import type { Scope as _assay_v1_Scope, Scope__Output as _assay_v1_Scope__Output } from '../../assay/v1/Scope.ts';
import type { Namespaces as _assay_v1_Namespaces, Namespaces__Output as _assay_v1_Namespaces__Output } from '../../assay/v1/Namespaces.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * A token, without what proves it.
 */
export interface Token {
  /**
   * What it is called by: `tk_` and 16 characters.
   */
  'tokenId'?: (string);
  /**
   * For people; need not be unique.
   */
  'name'?: (string);
  /**
   * What it may do.
   */
  'scopes'?: (_assay_v1_Scope)[];
  /**
   * Where.
   */
  'namespaces'?: (_assay_v1_Namespaces | null);
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
  /**
   * Of agents with it: their pool is one of these. Empty: any.
   */
  'pools'?: (string)[];
  /**
   * Of agents with it: labels that they do not choose themselves.
   */
  'labels'?: ({[key: string]: string});
}

/**
 * A token, without what proves it.
 */
export interface Token__Output {
  /**
   * What it is called by: `tk_` and 16 characters.
   */
  'tokenId': (string);
  /**
   * For people; need not be unique.
   */
  'name': (string);
  /**
   * What it may do.
   */
  'scopes': (_assay_v1_Scope__Output)[];
  /**
   * Where.
   */
  'namespaces': (_assay_v1_Namespaces__Output | null);
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
  /**
   * Of agents with it: their pool is one of these. Empty: any.
   */
  'pools': (string)[];
  /**
   * Of agents with it: labels that they do not choose themselves.
   */
  'labels': ({[key: string]: string});
}
