// Original file: proto/assay/v1/evaluation.proto

import type { ListedEvaluation as _assay_v1_ListedEvaluation, ListedEvaluation__Output as _assay_v1_ListedEvaluation__Output } from '../../assay/v1/ListedEvaluation.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * What has changed. A large picture comes in several messages; those after the first only add to it. One without any item says that the stream
 * lives.
 */
export interface WatchEvaluationsResponse {
  /**
   * When the picture was taken.
   */
  'timeMs'?: (number | string | Long);
  /**
   * Everything: forget what was seen before. The first message has it set.
   */
  'snapshot'?: (boolean);
  /**
   * Those that are new or have changed; whole entries: they replace those of the same id. In a list they stand by created_at_ms, the newest first,
   * then by id.
   */
  'evaluations'?: (_assay_v1_ListedEvaluation)[];
  /**
   * Those that are not meant any more, or not among the newest.
   */
  'removedEvaluationIds'?: (string)[];
  /**
   * Where the list goes on behind those that are told of: a token for ListEvaluations. Empty: these are all.
   */
  'nextPageToken'?: (string);
}

/**
 * What has changed. A large picture comes in several messages; those after the first only add to it. One without any item says that the stream
 * lives.
 */
export interface WatchEvaluationsResponse__Output {
  /**
   * When the picture was taken.
   */
  'timeMs': (string);
  /**
   * Everything: forget what was seen before. The first message has it set.
   */
  'snapshot': (boolean);
  /**
   * Those that are new or have changed; whole entries: they replace those of the same id. In a list they stand by created_at_ms, the newest first,
   * then by id.
   */
  'evaluations': (_assay_v1_ListedEvaluation__Output)[];
  /**
   * Those that are not meant any more, or not among the newest.
   */
  'removedEvaluationIds': (string)[];
  /**
   * Where the list goes on behind those that are told of: a token for ListEvaluations. Empty: these are all.
   */
  'nextPageToken': (string);
}
