/** Connections to Redis: to one server, to the primary that sentinels name, or to all nodes of a cluster. */
import type { Socket } from 'node:net';
import { Cluster, Redis } from 'ioredis';
import { AppError } from '../../shared/domain/errors.ts';
import { withoutPassword } from '../../shared/runtime/redis-url.ts';
import type { Logger } from '../../shared/telemetry/logger.ts';
import { clusterOptions, optionsOf, placeOf, redisOptions } from './options.ts';
import { clusterPrimaries } from './primaries.ts';

export { redisOptions, withoutPassword };

/** Speaks the same commands, wherever they go. */
export type RedisClient = Redis | Cluster;

const LOOK_MS = 20;
/** Before a connection that was given up is made again. */
const AGAIN_MS = 100;

/** Opens a connection and waits until it works, at most `timeoutMs`; AppError `unavailable` with the address otherwise. */
export async function connectRedis(url: string, what: string, logger: Logger, timeoutMs = 15_000): Promise<RedisClient> {
  const place = placeOf(url);
  const name = `assay-${what}`;
  const warn = (error: Error): void => logger.warn({ connection: what, error: error.message }, 'redis connection');
  const client =
    place.kind === 'cluster'
      ? openCluster(new Cluster(place.nodes, clusterOptions(place, name)), warn)
      : open(new Redis({ ...optionsOf(place), connectionName: name }), warn);
  const until = performance.now() + timeoutMs;
  while (!isReady(client)) {
    if (performance.now() > until) {
      client.disconnect();
      throw new AppError(
        'unavailable',
        `no Redis answers at ${withoutPassword(url)}; start one, or name another by --redis or ASSAY_REDIS_URL`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
  return client;
}

/** Whether commands get through: to every primary of a cluster. */
export function isReady(client: RedisClient): boolean {
  if (client.status !== 'ready') return false;
  if (client instanceof Redis) return true;
  const primaries = clusterPrimaries(client).all();
  return primaries.length > 0 && primaries.every(({ status }) => status === 'ready');
}

/** lost: what was written last may be gone, nothing can be renewed. back: commands get through again, perhaps to another server. */
export function watchConnection(client: RedisClient, { lost, back }: { lost: () => void; back: () => void }): void {
  if (client instanceof Redis) {
    client.on('close', lost);
    client.on('ready', back);
    return;
  }
  const owners = (): string => [...new Set(client.slots.map((keys) => keys[0]!))].sort((a, b) => (a < b ? -1 : 1)).join(' ');
  let known = owners();
  client.on('-node', lost);
  client.on('close', lost);
  client.on('ready', back);
  // The slots were looked up: they may have other owners than before.
  client.on('refresh', () => {
    const now = owners();
    if (now === known) return;
    lost();
    known = now;
    back();
  });
}

function open(redis: Redis, warn: (error: Error) => void): Redis {
  redis.on('connect', () => gatherWrites(redis));
  redis.on('close', () => rejectUnanswered(redis));
  redis.on('error', warn);
  keepUp(redis);
  return redis;
}

/**
 * Connects again when ioredis has given a connection up that nobody has closed: it does so, for good, when sentinels tell of a failover while it
 * asks them for the primary.
 */
function keepUp(redis: Redis): void {
  let isWanted = true;
  const disconnect = redis.disconnect.bind(redis);
  redis.disconnect = (reconnect = false) => {
    isWanted &&= reconnect;
    disconnect(reconnect);
  };
  const again = (): void => {
    if (isWanted) redis.connect().catch(() => undefined); // it ends once more, or is made again
  };
  redis.on('end', () => {
    if (isWanted) setTimeout(again, AGAIN_MS).unref();
  });
}

function openCluster(cluster: Cluster, warn: (error: Error) => void): Cluster {
  cluster.on('+node', (node: Redis) => {
    node.on('connect', () => gatherWrites(node));
    // Also to replicas, before one of them is needed: the first command would wait for the connection, and those after it fail.
    if (node.status === 'wait') node.connect().catch(() => undefined);
  });
  cluster.on('-node', () => cluster.refreshSlotsCache());
  cluster.on('node error', warn);
  cluster.on('error', warn);
  return cluster;
}

/** What had no answer when the connection broke gets none: ioredis forgets such commands, and their callers would wait for the time-out. */
function rejectUnanswered(redis: Redis): void {
  const { flushQueue } = redis as unknown as { flushQueue(error: Error, queues: { offlineQueue: boolean }): void };
  flushQueue.call(redis, new Error('the connection broke before the answer came'), { offlineQueue: false });
}

/** Commands of one tick leave in one system call; ioredis would make one for each. */
function gatherWrites(redis: Redis): void {
  const { stream } = redis as unknown as { stream: Socket };
  const write: Socket['write'] = stream.write.bind(stream);
  let corked = false;
  stream.write = ((...args: Parameters<Socket['write']>) => {
    if (!corked) {
      corked = true;
      stream.cork();
      setImmediate(() => {
        corked = false;
        stream.uncork();
      });
    }
    return write(...args);
  }) as Socket['write'];
}
