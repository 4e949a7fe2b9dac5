/**
 * How connections to Redis behave. Commands fail at once while there is no connection and are never sent twice: one whose reply was
 * lost may have been carried out, and a fetch that is repeated takes two jobs.
 */
import type { ClusterOptions, RedisOptions } from 'ioredis';
import { invalid } from '../../shared/domain/errors.ts';
import { parseRedisUrl, type RedisPlace } from '../../shared/runtime/redis-url.ts';

const COMMAND_TIMEOUT_MS = 10_000;
const CONNECT_TIMEOUT_MS = 5_000;
/** After a failover the old primary may be a host that does not answer: it must not keep the new one waiting. */
const FAILOVER_CONNECT_MS = 2_000;

/** While sentinels choose a primary, the next look must not be late. */
const FAILOVER_RETRY_MS = 250;

const later = (times: number): number => Math.min(1_000, 50 * 2 ** Math.min(times, 5));
const soon = (times: number): number => Math.min(FAILOVER_RETRY_MS, later(times));

const COMMON: RedisOptions = {
  autoResendUnfulfilledCommands: false,
  commandTimeout: COMMAND_TIMEOUT_MS,
  maxRetriesPerRequest: null, // BullMQ wants it; without an offline queue nothing is retried
};

const SINGLE: RedisOptions = {
  ...COMMON,
  enableOfflineQueue: false,
  connectTimeout: CONNECT_TIMEOUT_MS,
  retryStrategy: later,
  // A primary that has become a replica under our connection: its address leads to another server by now. Nothing is sent again.
  reconnectOnError: (error) => error.message.includes('READONLY'),
};

const credentialsOf = ({ username, password, tls }: { username?: string; password?: string; tls: boolean }): RedisOptions => ({
  ...(username === undefined ? {} : { username }),
  ...(password === undefined ? {} : { password }),
  ...(tls ? { tls: {} } : {}),
});

export function placeOf(url: string): RedisPlace {
  const place = parseRedisUrl(url);
  if (typeof place === 'string') throw invalid('the address of Redis', [{ place: 'redis_url', problem: place }]);
  return place;
}

/** Of anything but a cluster. */
export function optionsOf(place: Exclude<RedisPlace, { kind: 'cluster' }>): RedisOptions {
  switch (place.kind) {
    case 'socket':
      return { ...SINGLE, path: place.path };
    case 'server':
      return { ...SINGLE, host: place.host, port: place.port, db: place.db, ...credentialsOf(place) };
    case 'sentinel':
      return {
        ...SINGLE,
        sentinels: place.sentinels,
        name: place.name,
        role: 'master',
        db: place.db,
        connectTimeout: FAILOVER_CONNECT_MS,
        // Told by the sentinels, so that a primary that only we still reach is left as well.
        failoverDetector: true,
        sentinelCommandTimeout: FAILOVER_CONNECT_MS,
        retryStrategy: soon,
        sentinelRetryStrategy: soon,
        sentinelReconnectStrategy: later,
        ...credentialsOf(place),
        ...(place.tls ? { sentinelTLS: {}, enableTLSForSentinelMode: true } : {}),
      };
  }
}

/** Of `redis://…`, `rediss://…` or `unix:/path`. */
export function redisOptions(url: string): RedisOptions {
  const place = placeOf(url);
  if (place.kind === 'cluster')
    throw invalid('the address of Redis', [{ place: 'redis_url', problem: 'is a cluster, where one server is wanted' }]);
  return optionsOf(place);
}

export function clusterOptions(place: Extract<RedisPlace, { kind: 'cluster' }>, connectionName: string): ClusterOptions {
  return {
    enableOfflineQueue: false,
    // A command whose connection broke may have been carried out: it is not sent again. What was refused (moved, asked for elsewhere,
    // a slot under way, a cluster that is down) was not, and is sent again for some seconds.
    retryDelayOnFailover: 0,
    retryDelayOnTryAgain: 200,
    retryDelayOnClusterDown: 200,
    maxRedirections: 16,
    slotsRefreshInterval: 1_000,
    slotsRefreshTimeout: FAILOVER_CONNECT_MS,
    clusterRetryStrategy: soon,
    redisOptions: { ...COMMON, connectTimeout: FAILOVER_CONNECT_MS, connectionName, ...credentialsOf(place) },
  };
}
