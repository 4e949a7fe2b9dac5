// Original file: proto/assay/v1/types.proto

import type { DurabilityClass as _assay_v1_DurabilityClass, DurabilityClass__Output as _assay_v1_DurabilityClass__Output } from '../../assay/v1/DurabilityClass.ts';

/**
 * A class with its number. In an answer: what was reached. In a request: what must be reached before the answer is OK. What cannot be
 * reached with the settings of Redis is FAILED_PRECONDITION, before anything is written. What is not reached in time is UNAVAILABLE with
 * `indeterminate` = `true` in the metadata of its ErrorInfo: it was written, and the same call again finds it and waits for it. With
 * `indeterminate` = `false` nothing was written.
 */
export interface Durability {
  /**
   * Which class.
   */
  'kind'?: (_assay_v1_DurabilityClass);
  /**
   * Of REPLICATED and REPLICATED_FSYNCED: 1 … 16, and 0 of the others.
   */
  'replicas'?: (number);
}

/**
 * A class with its number. In an answer: what was reached. In a request: what must be reached before the answer is OK. What cannot be
 * reached with the settings of Redis is FAILED_PRECONDITION, before anything is written. What is not reached in time is UNAVAILABLE with
 * `indeterminate` = `true` in the metadata of its ErrorInfo: it was written, and the same call again finds it and waits for it. With
 * `indeterminate` = `false` nothing was written.
 */
export interface Durability__Output {
  /**
   * Which class.
   */
  'kind': (_assay_v1_DurabilityClass__Output);
  /**
   * Of REPLICATED and REPLICATED_FSYNCED: 1 … 16, and 0 of the others.
   */
  'replicas': (number);
}
