// Original file: proto/assay/v1/identity.proto

import type { NamespaceLimits as _assay_v1_NamespaceLimits, NamespaceLimits__Output as _assay_v1_NamespaceLimits__Output } from '../../assay/v1/NamespaceLimits.ts';

/**
 * What is to bound it.
 */
export interface SetNamespaceRequest {
  /**
   * Empty means "default".
   */
  'namespace'?: (string);
  /**
   * Bounds to set; those that are absent stay as they are.
   */
  'limits'?: (_assay_v1_NamespaceLimits | null);
  /**
   * Bounds to take away, by their words: `max-queued-samples`, `max-tasks`, `max-content-bytes`, `max-evaluation-samples`, `first-priority`,
   * `max-cost-per-day`, `keep-for`, `keep-evaluations`, `keep-bytes`.
   */
  'clear'?: (string)[];
}

/**
 * What is to bound it.
 */
export interface SetNamespaceRequest__Output {
  /**
   * Empty means "default".
   */
  'namespace': (string);
  /**
   * Bounds to set; those that are absent stay as they are.
   */
  'limits': (_assay_v1_NamespaceLimits__Output | null);
  /**
   * Bounds to take away, by their words: `max-queued-samples`, `max-tasks`, `max-content-bytes`, `max-evaluation-samples`, `first-priority`,
   * `max-cost-per-day`, `keep-for`, `keep-evaluations`, `keep-bytes`.
   */
  'clear': (string)[];
}
