/** One look at a Redis behind a unix socket: who it is and where it keeps its data. */

export interface RedisFacts {
  pid: number;
  dir: string;
  appendOnly: boolean;
  maxMemoryPolicy: string;
}

/** The facts, `loading` while it reads its data, or undefined if nothing answers at the socket within `limitMs`. */
export async function probeRedis(socket: string, limitMs: number): Promise<RedisFacts | 'loading' | undefined> {
  const { Redis } = await import('ioredis'); // only where a Redis is ours to look at
  const redis = new Redis({
    path: socket,
    lazyConnect: true,
    retryStrategy: null,
    connectTimeout: limitMs,
    commandTimeout: limitMs,
    maxRetriesPerRequest: 0,
    enableReadyCheck: false,
  });
  redis.on('error', () => undefined);
  try {
    await redis.connect();
    await redis.ping();
    const [info, dir, appendOnly, policy] = await Promise.all([
      redis.info('server'),
      redis.config('GET', 'dir'),
      redis.config('GET', 'appendonly'),
      redis.config('GET', 'maxmemory-policy'),
    ]);
    return {
      pid: Number(/^process_id:(\d+)/m.exec(info)?.[1] ?? 0),
      dir: valueOf(dir),
      appendOnly: valueOf(appendOnly) === 'yes',
      maxMemoryPolicy: valueOf(policy),
    };
  } catch (error) {
    return error instanceof Error && error.message.startsWith('LOADING') ? 'loading' : undefined;
  } finally {
    redis.disconnect();
  }
}

/** CONFIG GET answers [name, value]. */
const valueOf = (reply: unknown): string => (Array.isArray(reply) && typeof reply[1] === 'string' ? reply[1] : '');
