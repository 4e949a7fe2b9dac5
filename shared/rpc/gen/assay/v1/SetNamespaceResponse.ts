// Original file: proto/assay/v1/identity.proto

import type { Namespace as _assay_v1_Namespace, Namespace__Output as _assay_v1_Namespace__Output } from '../../assay/v1/Namespace.ts';

/**
 * It is bounded so.
 */
export interface SetNamespaceResponse {
  /**
   * As it stands now.
   */
  'namespace'?: (_assay_v1_Namespace | null);
}

/**
 * It is bounded so.
 */
export interface SetNamespaceResponse__Output {
  /**
   * As it stands now.
   */
  'namespace': (_assay_v1_Namespace__Output | null);
}
