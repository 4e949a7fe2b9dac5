/**
 * Connections to Redis. Commands fail at once while there is no connection and never linger: a
 * command that is sent again after its reply was lost would be executed twice, and a fetch would then take two jobs.
 */
import type { Socket } from 'node:net';
import { Redis, type RedisOptions } from 'ioredis';
import { AppError } from '../../shared/domain/errors.ts';
import type { Logger } from '../../shared/telemetry/logger.ts';

const COMMAND_TIMEOUT_MS = 10_000;

/** `redis://…`, `rediss://…` or `unix:/path` as ioredis options. */
export function redisOptions(url: string): RedisOptions {
  const common: RedisOptions = {
    autoResendUnfulfilledCommands: false,
    commandTimeout: COMMAND_TIMEOUT_MS,
    maxRetriesPerRequest: null, // BullMQ wants it; without an offline queue nothing is retried
    enableOfflineQueue: false,
    connectTimeout: 5_000,
    retryStrategy: (times) => Math.min(1_000, 50 * 2 ** Math.min(times, 5)),
  };
  if (url.startsWith('unix:')) return { ...common, path: url.slice('unix:'.length) };
  const parsed = new URL(url);
  return {
    ...common,
    host: parsed.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: Number(parsed.port || 6379),
    db: Number(parsed.pathname.slice(1) || 0),
    ...(parsed.username ? { username: decodeURIComponent(parsed.username) } : {}),
    ...(parsed.password ? { password: decodeURIComponent(parsed.password) } : {}),
    ...(parsed.protocol === 'rediss:' ? { tls: {} } : {}),
  };
}

/** Opens a connection and waits until it works, at most `timeoutMs`; AppError `unavailable` with the address otherwise. */
export async function connectRedis(url: string, what: string, logger: Logger, timeoutMs = 15_000): Promise<Redis> {
  const redis = new Redis({ ...redisOptions(url), connectionName: `assay-${what}` });
  redis.on('connect', () => gatherWrites(redis));
  redis.on('close', () => rejectUnanswered(redis));
  redis.on('error', (error: Error) => logger.warn({ connection: what, error: error.message }, 'redis connection'));
  if (redis.status === 'ready') return redis;
  let timer: NodeJS.Timeout | undefined;
  try {
    await Promise.race([
      new Promise<void>((resolve) => void redis.once('ready', () => resolve())),
      new Promise<never>((_, reject) => {
        timer = setTimeout(
          () =>
            reject(
              new AppError(
                'unavailable',
                `no Redis answers at ${withoutPassword(url)}; start one, or name another by --redis or ASSAY_REDIS_URL`,
              ),
            ),
          timeoutMs,
        );
      }),
    ]);
    return redis;
  } catch (error) {
    redis.disconnect();
    throw error;
  } finally {
    clearTimeout(timer);
  }
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

export const withoutPassword = (url: string): string => url.replace(/\/\/[^@/]*@/, '//***@');
