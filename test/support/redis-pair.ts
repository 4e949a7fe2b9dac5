/** A primary and a replica of Redis, whose link goes through a proxy that can be harmed. */
import { Redis } from 'ioredis';
import { startRedis, type TestRedis } from './redis.ts';
import { TcpProxy } from './tcp-proxy.ts';
import { waitFor } from './wait-for.ts';

export interface RedisPair {
  primary: TestRedis;
  replica: TestRedis;
  /** Between them: `stall('down')` keeps what is written from the replica, and the primary goes on hearing from it. */
  link: TcpProxy;
  stop(): Promise<void>;
}

/** `args`: of both. */
export async function startRedisPair({ args = [] }: { args?: string[] } = {}): Promise<RedisPair> {
  const primary = await startRedis({ tcp: true, args: ['--repl-diskless-sync-delay', '0', ...args] });
  const link = await TcpProxy.start({ target: { port: primary.port } });
  const replica = await startRedis({ tcp: true, args: ['--replicaof', '127.0.0.1', String(link.port), ...args] });
  await replicated(primary);
  return {
    primary,
    replica,
    link,
    stop: async () => {
      await Promise.all([primary.stop(), replica.stop()]);
      await link.close();
    },
  };
}

/** Waits until a primary has a replica that is up to date. */
export async function replicated(primary: { port: number }): Promise<void> {
  const redis = new Redis({ port: primary.port, retryStrategy: null });
  redis.on('error', () => undefined);
  try {
    await waitFor(async () => /slave0:.*state=online/.test(await redis.info('replication')), {
      what: 'a replica to be online',
      everyMs: 50,
    });
  } finally {
    redis.disconnect();
  }
}
