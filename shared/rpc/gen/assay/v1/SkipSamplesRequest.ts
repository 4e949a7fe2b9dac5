// Original file: proto/assay/v1/evaluation.proto

import type { SampleFilter as _assay_v1_SampleFilter, SampleFilter__Output as _assay_v1_SampleFilter__Output } from '../../assay/v1/SampleFilter.ts';
import type { Durability as _assay_v1_Durability, Durability__Output as _assay_v1_Durability__Output } from '../../assay/v1/Durability.ts';

/**
 * Which open samples are not to be run.
 */
export interface SkipSamplesRequest {
  /**
   * Which evaluation.
   */
  'evaluationId'?: (string);
  /**
   * Which open ones; an empty filter is refused (cancel the evaluation instead). Only benchmark, model, sample_ids, epochs, units.
   */
  'filter'?: (_assay_v1_SampleFilter | null);
  /**
   * At most 1000 characters.
   */
  'reason'?: (string);
  /**
   * What Redis must reach before the answer; absent: what the coordinator is set to.
   */
  'requiredDurability'?: (_assay_v1_Durability | null);
}

/**
 * Which open samples are not to be run.
 */
export interface SkipSamplesRequest__Output {
  /**
   * Which evaluation.
   */
  'evaluationId': (string);
  /**
   * Which open ones; an empty filter is refused (cancel the evaluation instead). Only benchmark, model, sample_ids, epochs, units.
   */
  'filter': (_assay_v1_SampleFilter__Output | null);
  /**
   * At most 1000 characters.
   */
  'reason': (string);
  /**
   * What Redis must reach before the answer; absent: what the coordinator is set to.
   */
  'requiredDurability': (_assay_v1_Durability__Output | null);
}
