// Original file: proto/assay/v1/identity.proto

import type { NamespaceLimits as _assay_v1_NamespaceLimits, NamespaceLimits__Output as _assay_v1_NamespaceLimits__Output } from '../../assay/v1/NamespaceLimits.ts';
import type { NamespaceUsage as _assay_v1_NamespaceUsage, NamespaceUsage__Output as _assay_v1_NamespaceUsage__Output } from '../../assay/v1/NamespaceUsage.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * A namespace, and what bounds it.
 */
export interface Namespace {
  /**
   * 1 to 64 letters, digits, `.`, `_` or `-`.
   */
  'name'?: (string);
  /**
   * Its own bounds.
   */
  'limits'?: (_assay_v1_NamespaceLimits | null);
  /**
   * What is taken; absent in lists.
   */
  'usage'?: (_assay_v1_NamespaceUsage | null);
  /**
   * When bounds were last set; 0: never.
   */
  'updatedAtMs'?: (number | string | Long);
  /**
   * By whom: the name, and of a token its id.
   */
  'updatedBy'?: (string);
}

/**
 * A namespace, and what bounds it.
 */
export interface Namespace__Output {
  /**
   * 1 to 64 letters, digits, `.`, `_` or `-`.
   */
  'name': (string);
  /**
   * Its own bounds.
   */
  'limits': (_assay_v1_NamespaceLimits__Output | null);
  /**
   * What is taken; absent in lists.
   */
  'usage': (_assay_v1_NamespaceUsage__Output | null);
  /**
   * When bounds were last set; 0: never.
   */
  'updatedAtMs': (string);
  /**
   * By whom: the name, and of a token its id.
   */
  'updatedBy': (string);
}
