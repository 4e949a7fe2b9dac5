// Original file: proto/assay/v1/record.proto

import type { RecordProgress as _assay_v1_RecordProgress, RecordProgress__Output as _assay_v1_RecordProgress__Output } from '../../assay/v1/RecordProgress.ts';
import type { RecordSamples as _assay_v1_RecordSamples, RecordSamples__Output as _assay_v1_RecordSamples__Output } from '../../assay/v1/RecordSamples.ts';
import type { RecordPart as _assay_v1_RecordPart, RecordPart__Output as _assay_v1_RecordPart__Output } from '../../assay/v1/RecordPart.ts';

/**
 * Progress at most once a second, the samples if they were asked for, then the record, and the stream ends. A stream that breaks before
 * the record is whole has said nothing: ask again.
 */
export interface RecordEvaluationResponse {
  /**
   * How far it is.
   */
  'progress'?: (_assay_v1_RecordProgress | null);
  /**
   * The next samples, in unit order.
   */
  'samples'?: (_assay_v1_RecordSamples | null);
  /**
   * The record, or its next part.
   */
  'record'?: (_assay_v1_RecordPart | null);
  /**
   * One that a client does not know it passes over.
   */
  'step'?: "progress"|"samples"|"record";
}

/**
 * Progress at most once a second, the samples if they were asked for, then the record, and the stream ends. A stream that breaks before
 * the record is whole has said nothing: ask again.
 */
export interface RecordEvaluationResponse__Output {
  /**
   * How far it is.
   */
  'progress'?: (_assay_v1_RecordProgress__Output | null);
  /**
   * The next samples, in unit order.
   */
  'samples'?: (_assay_v1_RecordSamples__Output | null);
  /**
   * The record, or its next part.
   */
  'record'?: (_assay_v1_RecordPart__Output | null);
  /**
   * One that a client does not know it passes over.
   */
  'step'?: "progress"|"samples"|"record";
}
