// Original file: proto/assay/v1/evaluation.proto

import type { SampleLimits as _assay_v1_SampleLimits, SampleLimits__Output as _assay_v1_SampleLimits__Output } from '../../assay/v1/SampleLimits.ts';
import type { TagList as _assay_v1_TagList, TagList__Output as _assay_v1_TagList__Output } from '../../assay/v1/TagList.ts';
import type { Durability as _assay_v1_Durability, Durability__Output as _assay_v1_Durability__Output } from '../../assay/v1/Durability.ts';

/**
 * What is to change; at least one field.
 */
export interface UpdateEvaluationRequest {
  /**
   * Which evaluation.
   */
  'evaluationId'?: (string);
  /**
   * 1 … 10.
   */
  'priority'?: (number);
  /**
   * Samples in flight at the same time; 0: no bound of its own.
   */
  'maxSamples'?: (number);
  /**
   * Replaces all limits of a sample.
   */
  'limits'?: (_assay_v1_SampleLimits | null);
  /**
   * Replaces all tags.
   */
  'tags'?: (_assay_v1_TagList | null);
  /**
   * Replaces the metadata: one JSON object in UTF-8.
   */
  'metadataJson'?: (Buffer | Uint8Array | string);
  /**
   * Kept for ever: neither the coordinators' retention nor DeleteEvaluation removes it until it is set to false. May be set at any time,
   * also of a final evaluation.
   */
  'keep'?: (boolean);
  /**
   * What Redis must reach before the answer; absent: what the coordinator is set to.
   */
  'requiredDurability'?: (_assay_v1_Durability | null);
  '_priority'?: "priority";
  '_maxSamples'?: "maxSamples";
  '_metadataJson'?: "metadataJson";
  '_keep'?: "keep";
}

/**
 * What is to change; at least one field.
 */
export interface UpdateEvaluationRequest__Output {
  /**
   * Which evaluation.
   */
  'evaluationId': (string);
  /**
   * 1 … 10.
   */
  'priority'?: (number);
  /**
   * Samples in flight at the same time; 0: no bound of its own.
   */
  'maxSamples'?: (number);
  /**
   * Replaces all limits of a sample.
   */
  'limits': (_assay_v1_SampleLimits__Output | null);
  /**
   * Replaces all tags.
   */
  'tags': (_assay_v1_TagList__Output | null);
  /**
   * Replaces the metadata: one JSON object in UTF-8.
   */
  'metadataJson'?: (Buffer);
  /**
   * Kept for ever: neither the coordinators' retention nor DeleteEvaluation removes it until it is set to false. May be set at any time,
   * also of a final evaluation.
   */
  'keep'?: (boolean);
  /**
   * What Redis must reach before the answer; absent: what the coordinator is set to.
   */
  'requiredDurability': (_assay_v1_Durability__Output | null);
  '_priority'?: "priority";
  '_maxSamples'?: "maxSamples";
  '_metadataJson'?: "metadataJson";
  '_keep'?: "keep";
}
