// Original file: proto/assay/v1/identity.proto

import type { Scope as _assay_v1_Scope, Scope__Output as _assay_v1_Scope__Output } from '../../assay/v1/Scope.ts';
import type { Namespaces as _assay_v1_Namespaces, Namespaces__Output as _assay_v1_Namespaces__Output } from '../../assay/v1/Namespaces.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * What it is to be.
 */
export interface CreateTokenRequest {
  /**
   * 1 to 100 characters.
   */
  'name'?: (string);
  /**
   * At least one.
   */
  'scopes'?: (_assay_v1_Scope)[];
  /**
   * At least one.
   */
  'namespaces'?: (_assay_v1_Namespaces | null);
  /**
   * How long it holds: 1 second to 3650 days. 0: 90 days.
   */
  'expiresInMs'?: (number | string | Long);
  /**
   * Binds agents with it, and those that its bearer lets in, so only with the scope `agent` or `admin`: their label `pool` must be one of these, at most 100; where there is one alone it is
   * theirs without a word. Empty: they choose it. A caller that is bound itself gives none but its own.
   */
  'pools'?: (string)[];
  /**
   * The same of other labels, at most 32: an agent that says another value is refused, and one that says none has this one.
   */
  'labels'?: ({[key: string]: string});
}

/**
 * What it is to be.
 */
export interface CreateTokenRequest__Output {
  /**
   * 1 to 100 characters.
   */
  'name': (string);
  /**
   * At least one.
   */
  'scopes': (_assay_v1_Scope__Output)[];
  /**
   * At least one.
   */
  'namespaces': (_assay_v1_Namespaces__Output | null);
  /**
   * How long it holds: 1 second to 3650 days. 0: 90 days.
   */
  'expiresInMs': (string);
  /**
   * Binds agents with it, and those that its bearer lets in, so only with the scope `agent` or `admin`: their label `pool` must be one of these, at most 100; where there is one alone it is
   * theirs without a word. Empty: they choose it. A caller that is bound itself gives none but its own.
   */
  'pools': (string)[];
  /**
   * The same of other labels, at most 32: an agent that says another value is refused, and one that says none has this one.
   */
  'labels': ({[key: string]: string});
}
