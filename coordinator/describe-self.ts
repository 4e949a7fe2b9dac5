/** What a coordinator tells of its settings: what bounds its callers and its work, its profile, its store. No secrets. */
import { MAX_WIRE_BYTES } from '../shared/rpc/channel.ts';
import type { SelfDescription } from './cluster/self-description.ts';
import type { CoordinatorConfig } from './config.ts';
import { MAX_BODY_BYTES } from './http/request.ts';
import { MAX_PER_IDENTITY } from './http/stream-counts.ts';
import type { RedisBoard } from './redis/status.ts';
import { MAX_CALLS, MAX_STREAMS } from './rpc/limits/identity-calls.ts';
import { MAX_SMALL_BYTES } from './rpc/limits/methods.ts';

/** `shared/domain/limit-words.ts` says in words what each of them bounds. */
export const limitsInForce = ({ limits, ...config }: CoordinatorConfig): Record<string, number> => ({
  message_bytes: MAX_WIRE_BYTES,
  small_message_bytes: MAX_SMALL_BYTES,
  body_bytes: MAX_BODY_BYTES,
  max_content_bytes: config.maxContentBytes,
  calls_per_identity: MAX_CALLS,
  streams_per_identity: MAX_STREAMS,
  http_streams_per_identity: MAX_PER_IDENTITY,
  max_connections: limits.maxConnections,
  max_connections_per_peer: limits.maxConnectionsPerPeer,
  max_streams_per_connection: limits.maxStreamsPerConnection,
  max_messages_per_second: limits.maxMessagesPerSecond,
  max_pending_bytes: limits.maxPendingBytes,
  max_pending_bytes_per_peer: limits.maxPendingBytesPerPeer,
  call_ms: limits.callMs,
  slow_ms: limits.slowMs,
  max_unfinished: config.maxUnfinished,
  redis_headroom_percent: config.redisHeadroomPercent,
  store_headroom_bytes: config.storeHeadroomBytes,
  keep_log_bytes: config.keepLogBytes,
  lease_ms: config.leaseMs,
  heartbeat_ms: config.heartbeatMs,
  task_soft_ms: config.taskSoftMs,
  task_hard_ms: config.taskHardMs,
});

export const describeSelf = (config: CoordinatorConfig, redis: RedisBoard): SelfDescription => ({
  limits: limitsInForce(config),
  profile: config.profile,
  // What stands behind the question mark of a bucket's address are settings.
  store: { kind: config.s3 ? 's3' : 'directory', place: config.store.split('?')[0]! },
  redis: () => redis.show(),
});
