// Original file: proto/assay/v1/identity.proto

import type { Namespace as _assay_v1_Namespace, Namespace__Output as _assay_v1_Namespace__Output } from '../../assay/v1/Namespace.ts';

/**
 * As it stands now.
 */
export interface GetNamespaceResponse {
  /**
   * With what is taken.
   */
  'namespace'?: (_assay_v1_Namespace | null);
}

/**
 * As it stands now.
 */
export interface GetNamespaceResponse__Output {
  /**
   * With what is taken.
   */
  'namespace': (_assay_v1_Namespace__Output | null);
}
