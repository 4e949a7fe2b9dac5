// Original file: proto/assay/v1/operator.proto

import type { RedisServer as _assay_v1_RedisServer, RedisServer__Output as _assay_v1_RedisServer__Output } from '../../assay/v1/RedisServer.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * Redis, as a coordinator sees it.
 */
export interface RedisStatus {
  /**
   * When it was looked at.
   */
  'measuredAtMs'?: (number | string | Long);
  /**
   * Those that take writes: one, or one for each shard of a Redis Cluster. None: they are not known for the moment.
   */
  'servers'?: (_assay_v1_RedisServer)[];
}

/**
 * Redis, as a coordinator sees it.
 */
export interface RedisStatus__Output {
  /**
   * When it was looked at.
   */
  'measuredAtMs': (string);
  /**
   * Those that take writes: one, or one for each shard of a Redis Cluster. None: they are not known for the moment.
   */
  'servers': (_assay_v1_RedisServer__Output)[];
}
