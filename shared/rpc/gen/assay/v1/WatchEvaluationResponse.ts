// Original file: proto/assay/v1/evaluation.proto

import type { Snapshot as _assay_v1_Snapshot, Snapshot__Output as _assay_v1_Snapshot__Output } from '../../assay/v1/Snapshot.ts';
import type { Progress as _assay_v1_Progress, Progress__Output as _assay_v1_Progress__Output } from '../../assay/v1/Progress.ts';
import type { StateChange as _assay_v1_StateChange, StateChange__Output as _assay_v1_StateChange__Output } from '../../assay/v1/StateChange.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * One event.
 */
export interface WatchEvaluationResponse {
  /**
   * To go on after this event.
   */
  'cursor'?: (string);
  /**
   * When it happened.
   */
  'timeMs'?: (number | string | Long);
  /**
   * The whole picture. Sent first when there is no usable cursor, and again when a watcher read so slowly that the log
   * has moved on (`resync` is set then): forget what was seen before.
   */
  'snapshot'?: (_assay_v1_Snapshot | null);
  /**
   * What has changed since the event before; values are absolute. At most 10 a second.
   */
  'progress'?: (_assay_v1_Progress | null);
  /**
   * A new state. The one with a final state is the last event.
   */
  'stateChange'?: (_assay_v1_StateChange | null);
  /**
   * One that a client does not know it passes over.
   */
  'event'?: "snapshot"|"progress"|"stateChange";
}

/**
 * One event.
 */
export interface WatchEvaluationResponse__Output {
  /**
   * To go on after this event.
   */
  'cursor': (string);
  /**
   * When it happened.
   */
  'timeMs': (string);
  /**
   * The whole picture. Sent first when there is no usable cursor, and again when a watcher read so slowly that the log
   * has moved on (`resync` is set then): forget what was seen before.
   */
  'snapshot'?: (_assay_v1_Snapshot__Output | null);
  /**
   * What has changed since the event before; values are absolute. At most 10 a second.
   */
  'progress'?: (_assay_v1_Progress__Output | null);
  /**
   * A new state. The one with a final state is the last event.
   */
  'stateChange'?: (_assay_v1_StateChange__Output | null);
  /**
   * One that a client does not know it passes over.
   */
  'event'?: "snapshot"|"progress"|"stateChange";
}
