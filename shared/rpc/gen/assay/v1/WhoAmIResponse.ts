// Original file: proto/assay/v1/identity.proto

import type { Scope as _assay_v1_Scope, Scope__Output as _assay_v1_Scope__Output } from '../../assay/v1/Scope.ts';
import type { Namespaces as _assay_v1_Namespaces, Namespaces__Output as _assay_v1_Namespaces__Output } from '../../assay/v1/Namespaces.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * Who it is.
 */
export interface WhoAmIResponse {
  /**
   * A token's name; `local` for the coordinator's own token, and where none is wanted; what a JWT says, or the rule for a certificate.
   */
  'name'?: (string);
  /**
   * How that is known: `local`, `token`, `jwt`, `certificate`. Pass over what you do not know.
   */
  'kind'?: (string);
  /**
   * What it may do.
   */
  'scopes'?: (_assay_v1_Scope)[];
  /**
   * Where.
   */
  'namespaces'?: (_assay_v1_Namespaces | null);
  /**
   * Of an API token: what it is called by.
   */
  'tokenId'?: (string);
  /**
   * When what proves it is over; 0: never.
   */
  'expiresAtMs'?: (number | string | Long);
  /**
   * Of a JWT its issuer; of a certificate the name in it, a URI or one of DNS.
   */
  'origin'?: (string);
  /**
   * Pools that its agents are bound to; empty: any.
   */
  'pools'?: (string)[];
  /**
   * Labels that its agents are bound to.
   */
  'labels'?: ({[key: string]: string});
}

/**
 * Who it is.
 */
export interface WhoAmIResponse__Output {
  /**
   * A token's name; `local` for the coordinator's own token, and where none is wanted; what a JWT says, or the rule for a certificate.
   */
  'name': (string);
  /**
   * How that is known: `local`, `token`, `jwt`, `certificate`. Pass over what you do not know.
   */
  'kind': (string);
  /**
   * What it may do.
   */
  'scopes': (_assay_v1_Scope__Output)[];
  /**
   * Where.
   */
  'namespaces': (_assay_v1_Namespaces__Output | null);
  /**
   * Of an API token: what it is called by.
   */
  'tokenId': (string);
  /**
   * When what proves it is over; 0: never.
   */
  'expiresAtMs': (string);
  /**
   * Of a JWT its issuer; of a certificate the name in it, a URI or one of DNS.
   */
  'origin': (string);
  /**
   * Pools that its agents are bound to; empty: any.
   */
  'pools': (string)[];
  /**
   * Labels that its agents are bound to.
   */
  'labels': ({[key: string]: string});
}
