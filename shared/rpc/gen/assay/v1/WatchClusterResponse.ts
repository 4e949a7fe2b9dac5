// Original file: proto/assay/v1/operator.proto

import type { Coordinator as _assay_v1_Coordinator, Coordinator__Output as _assay_v1_Coordinator__Output } from '../../assay/v1/Coordinator.ts';
import type { Agent as _assay_v1_Agent, Agent__Output as _assay_v1_Agent__Output } from '../../assay/v1/Agent.ts';
import type { Route as _assay_v1_Route, Route__Output as _assay_v1_Route__Output } from '../../assay/v1/Route.ts';
import type { StoreStatus as _assay_v1_StoreStatus, StoreStatus__Output as _assay_v1_StoreStatus__Output } from '../../assay/v1/StoreStatus.ts';
import type { Seen as _assay_v1_Seen, Seen__Output as _assay_v1_Seen__Output } from '../../assay/v1/Seen.ts';
import type { RedisStatus as _assay_v1_RedisStatus, RedisStatus__Output as _assay_v1_RedisStatus__Output } from '../../assay/v1/RedisStatus.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * What has changed. A large snapshot comes in several messages; those after the first only add to it. One without any item says
 * that the stream lives.
 */
export interface WatchClusterResponse {
  /**
   * When the picture was taken.
   */
  'timeMs'?: (number | string | Long);
  /**
   * Everything: forget what was seen before. The first message has it set.
   */
  'snapshot'?: (boolean);
  /**
   * Those that have changed; of a snapshot all.
   */
  'coordinators'?: (_assay_v1_Coordinator)[];
  /**
   * Whole entries: they replace those of the same id. `seen_at_ms` alone is no change: `seen` tells it.
   */
  'agents'?: (_assay_v1_Agent)[];
  /**
   * Whole entries: they replace those of the same id.
   */
  'routes'?: (_assay_v1_Route)[];
  /**
   * Those that are no more.
   */
  'removedCoordinatorIds'?: (string)[];
  /**
   * Agents that were not seen within the last day.
   */
  'removedAgentIds'?: (string)[];
  /**
   * Routes on which nothing waits any more.
   */
  'removedRoutes'?: (string)[];
  /**
   * Set when it has changed; in a snapshot. The room alone is no change.
   */
  'store'?: (_assay_v1_StoreStatus | null);
  /**
   * When those were last heard of whose entries have not changed otherwise; every 5 seconds at most.
   */
  'seen'?: (_assay_v1_Seen)[];
  /**
   * Redis, as the coordinator sees it that answers; in a snapshot, and every 5 seconds at most. Absent: that one does not say.
   */
  'redis'?: (_assay_v1_RedisStatus | null);
}

/**
 * What has changed. A large snapshot comes in several messages; those after the first only add to it. One without any item says
 * that the stream lives.
 */
export interface WatchClusterResponse__Output {
  /**
   * When the picture was taken.
   */
  'timeMs': (string);
  /**
   * Everything: forget what was seen before. The first message has it set.
   */
  'snapshot': (boolean);
  /**
   * Those that have changed; of a snapshot all.
   */
  'coordinators': (_assay_v1_Coordinator__Output)[];
  /**
   * Whole entries: they replace those of the same id. `seen_at_ms` alone is no change: `seen` tells it.
   */
  'agents': (_assay_v1_Agent__Output)[];
  /**
   * Whole entries: they replace those of the same id.
   */
  'routes': (_assay_v1_Route__Output)[];
  /**
   * Those that are no more.
   */
  'removedCoordinatorIds': (string)[];
  /**
   * Agents that were not seen within the last day.
   */
  'removedAgentIds': (string)[];
  /**
   * Routes on which nothing waits any more.
   */
  'removedRoutes': (string)[];
  /**
   * Set when it has changed; in a snapshot. The room alone is no change.
   */
  'store': (_assay_v1_StoreStatus__Output | null);
  /**
   * When those were last heard of whose entries have not changed otherwise; every 5 seconds at most.
   */
  'seen': (_assay_v1_Seen__Output)[];
  /**
   * Redis, as the coordinator sees it that answers; in a snapshot, and every 5 seconds at most. Absent: that one does not say.
   */
  'redis': (_assay_v1_RedisStatus__Output | null);
}
