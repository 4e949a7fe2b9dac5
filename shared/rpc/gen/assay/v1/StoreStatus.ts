// Original file: proto/assay/v1/operator.proto

import type { RetentionPolicy as _assay_v1_RetentionPolicy, RetentionPolicy__Output as _assay_v1_RetentionPolicy__Output } from '../../assay/v1/RetentionPolicy.ts';
import type { RemovedEvaluation as _assay_v1_RemovedEvaluation, RemovedEvaluation__Output as _assay_v1_RemovedEvaluation__Output } from '../../assay/v1/RemovedEvaluation.ts';
import type { LastCollection as _assay_v1_LastCollection, LastCollection__Output as _assay_v1_LastCollection__Output } from '../../assay/v1/LastCollection.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * What the store holds, and what retention does about it. Counted about once a minute.
 */
export interface StoreStatus {
  /**
   * When it was counted last; 0: not yet.
   */
  'measuredAtMs'?: (number | string | Long);
  /**
   * Finished evaluations that may go when they are old.
   */
  'finished'?: (number | string | Long);
  /**
   * Bytes that are theirs alone: journals, results, reports. Datasets are not counted.
   */
  'finishedBytes'?: (number | string | Long);
  /**
   * Finished evaluations that are kept for ever.
   */
  'kept'?: (number | string | Long);
  /**
   * Bytes that are theirs alone.
   */
  'keptBytes'?: (number | string | Long);
  /**
   * What is kept of the finished ones, by the settings of the coordinators.
   */
  'policy'?: (_assay_v1_RetentionPolicy | null);
  /**
   * What retention removed last; absent: nothing yet.
   */
  'lastRemoved'?: (_assay_v1_RemovedEvaluation | null);
  /**
   * What can still be written there; absent where no bound is known (S3).
   */
  'freeBytes'?: (number | string | Long);
  /**
   * The size of the file system.
   */
  'totalBytes'?: (number | string | Long);
  /**
   * Contents (datasets, their indexes, reports) as the last collection has found them; absent: there was none yet.
   */
  'contents'?: (number | string | Long);
  /**
   * Their bytes.
   */
  'contentBytes'?: (number | string | Long);
  /**
   * The last collection of what nobody refers to; absent: none yet.
   */
  'lastCollection'?: (_assay_v1_LastCollection | null);
  /**
   * What kind of store it is: `directory`, `s3`; others may come. Empty: the coordinator does not say.
   */
  'kind'?: (string);
  /**
   * Where it is, by the settings of the coordinator that answers.
   */
  'place'?: (string);
  '_freeBytes'?: "freeBytes";
  '_totalBytes'?: "totalBytes";
  '_contents'?: "contents";
  '_contentBytes'?: "contentBytes";
}

/**
 * What the store holds, and what retention does about it. Counted about once a minute.
 */
export interface StoreStatus__Output {
  /**
   * When it was counted last; 0: not yet.
   */
  'measuredAtMs': (string);
  /**
   * Finished evaluations that may go when they are old.
   */
  'finished': (string);
  /**
   * Bytes that are theirs alone: journals, results, reports. Datasets are not counted.
   */
  'finishedBytes': (string);
  /**
   * Finished evaluations that are kept for ever.
   */
  'kept': (string);
  /**
   * Bytes that are theirs alone.
   */
  'keptBytes': (string);
  /**
   * What is kept of the finished ones, by the settings of the coordinators.
   */
  'policy': (_assay_v1_RetentionPolicy__Output | null);
  /**
   * What retention removed last; absent: nothing yet.
   */
  'lastRemoved': (_assay_v1_RemovedEvaluation__Output | null);
  /**
   * What can still be written there; absent where no bound is known (S3).
   */
  'freeBytes'?: (string);
  /**
   * The size of the file system.
   */
  'totalBytes'?: (string);
  /**
   * Contents (datasets, their indexes, reports) as the last collection has found them; absent: there was none yet.
   */
  'contents'?: (string);
  /**
   * Their bytes.
   */
  'contentBytes'?: (string);
  /**
   * The last collection of what nobody refers to; absent: none yet.
   */
  'lastCollection': (_assay_v1_LastCollection__Output | null);
  /**
   * What kind of store it is: `directory`, `s3`; others may come. Empty: the coordinator does not say.
   */
  'kind': (string);
  /**
   * Where it is, by the settings of the coordinator that answers.
   */
  'place': (string);
  '_freeBytes'?: "freeBytes";
  '_totalBytes'?: "totalBytes";
  '_contents'?: "contents";
  '_contentBytes'?: "contentBytes";
}
