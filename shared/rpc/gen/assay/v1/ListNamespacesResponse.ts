// Original file: proto/assay/v1/identity.proto

import type { Namespace as _assay_v1_Namespace, Namespace__Output as _assay_v1_Namespace__Output } from '../../assay/v1/Namespace.ts';

/**
 * All of them.
 */
export interface ListNamespacesResponse {
  /**
   * By name.
   */
  'namespaces'?: (_assay_v1_Namespace)[];
}

/**
 * All of them.
 */
export interface ListNamespacesResponse__Output {
  /**
   * By name.
   */
  'namespaces': (_assay_v1_Namespace__Output)[];
}
