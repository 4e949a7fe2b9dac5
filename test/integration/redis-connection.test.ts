/** Connections to Redis come back whatever ends them, with their subscriptions; those that are closed stay closed. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Redis } from 'ioredis';
import { redisAnswers } from '../../coordinator/redis/answers.ts';
import { connectRedis } from '../../coordinator/redis/connect.ts';
import { systemClock } from '../../shared/runtime/clock.ts';
import { silentLogger } from '../../shared/telemetry/logger.ts';
import { startRedis, type TestRedis } from '../support/redis.ts';
import { waitFor } from '../support/wait-for.ts';

let server: TestRedis;
beforeEach(async () => {
  server = await startRedis();
});
afterEach(() => server.stop());

/** As a sentinel's word of a failover does it, while the connection is being made. */
function breakConnecting(redis: Redis): void {
  redis.once('connecting', () => (redis as unknown as { connector: { disconnect(): void } }).connector.disconnect());
}

test('one that is broken off while it is made again, which ioredis gives up for good', async () => {
  const [redis, other] = (await Promise.all([
    connectRedis(server.url, 'notices', silentLogger()),
    connectRedis(server.url, 'ledger', silentLogger()),
  ])) as [Redis, Redis];
  try {
    await redis.subscribe('news');
    const heard: string[] = [];
    redis.on('message', (_, text: string) => heard.push(text));
    let ends = 0;
    redis.on('end', () => ends++);
    breakConnecting(redis);
    redis.disconnect(true);
    await waitFor(() => ends === 1, { what: 'the end of the connection' });
    await waitFor(() => redis.status === 'ready', { what: 'the connection' });
    await waitFor(
      async () => {
        await other.publish('news', 'still here');
        return heard.length > 0;
      },
      { what: 'a message', state: () => redis.status },
    );
  } finally {
    redis.disconnect();
    other.disconnect();
  }
  await waitFor(() => redis.status === 'end' && other.status === 'end', { what: 'the end of both' });
  // Twice the pause before one is made again.
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect([redis.status, other.status]).toEqual(['end', 'end']);
});

test('one that stands while nothing comes back is told as no answer, and as one once it comes', async () => {
  const redis = (await connectRedis(server.url, 'ledger', silentLogger())) as Redis;
  try {
    const answers = redisAnswers(redis, systemClock);
    await waitFor(answers, { what: 'the first answer' });
    process.kill(server.pid(), 'SIGSTOP');
    expect([await answers(), redis.status]).toEqual([false, 'ready']);
    process.kill(server.pid(), 'SIGCONT');
    await waitFor(answers, { what: 'an answer' });
  } finally {
    process.kill(server.pid(), 'SIGCONT');
    redis.disconnect();
  }
  expect(await redisAnswers(redis, systemClock)()).toBe(false);
});
