/** A Redis that may lose what it is given: refused in the production profile, said in the log otherwise. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectRedis } from '../../coordinator/redis/connect.ts';
import { redisOptions } from '../../coordinator/redis/options.ts';
import { primariesOf } from '../../coordinator/redis/primaries.ts';
import { checkRedisSafety } from '../../coordinator/redis/safety.ts';
import { connect } from '../../shared/client/connect.ts';
import type { AppError } from '../../shared/domain/errors.ts';
import { createLogger, silentLogger } from '../../shared/telemetry/logger.ts';
import { Fleet } from '../support/fleet.ts';
import { mockSpec, sums } from '../support/mock-evaluation.ts';
import { programOf } from '../support/programs.ts';
import { startRedis, type TestRedis } from '../support/redis.ts';
import { waitFor } from '../support/wait-for.ts';

let unsafe: TestRedis;
let safe: TestRedis;
beforeAll(async () => {
  [unsafe, safe] = await Promise.all([
    startRedis({ args: ['--appendonly', 'no', '--maxmemory', '64mb', '--maxmemory-policy', 'allkeys-lru'] }),
    startRedis(),
  ]);
});
afterAll(async () => {
  await Promise.all([unsafe?.stop(), safe?.stop()]);
});

test('the production profile refuses it with both lines to change, and leaves nothing in it', async () => {
  const args = [programOf('coordinator'), '--redis', unsafe.url, '--store', join(unsafe.dir, 'store'), '--profile', 'production'];
  const child = spawn(process.execPath, args, { cwd: join(import.meta.dirname, '../..'), stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const code = await new Promise((resolve) => void child.once('close', resolve));
  expect({ code, said }).toMatchObject({ code: 2 });
  expect(said).toMatch(/for --profile production has 2 faults:\n {2}appendonly: is no.*\n {2}maxmemory-policy: is allkeys-lru/);
  const redis = await connectRedis(unsafe.url, 'test', silentLogger());
  expect(await redis.dbsize()).toBe(0);
  redis.disconnect();
});

test('the development profile takes it, and says so', async () => {
  const lines: string[] = [];
  const logger = createLogger({ name: 'test', level: 'warn', destination: { write: (line) => void lines.push(line) } });
  const redis = await connectRedis(unsafe.url, 'test', silentLogger());
  await checkRedisSafety(primariesOf(redis), 'development', logger);
  redis.disconnect();
  expect(lines).toHaveLength(2);
  expect(lines.join('')).toMatch(/appendonly is no[\s\S]*maxmemory-policy is allkeys-lru/);
});

test('a safe one is taken by both', async () => {
  const redis = await connectRedis(safe.url, 'test', silentLogger());
  await checkRedisSafety(primariesOf(redis), 'production', silentLogger());
  redis.disconnect();
});

test('one that becomes unsafe, as after a failover to another set-up: an error with the line to change, nothing new until it is mended', async () => {
  const fleet = await Fleet.start();
  const redis = new Redis(redisOptions(fleet.redis.url));
  try {
    const coordinator = await fleet.coordinator({ args: ['--profile', 'production'] });
    const client = connect({ addresses: [coordinator.address], patienceMs: 0 });
    const digest = await client.uploadBytes(sums(2));
    const submit = (idempotencyKey: string): Promise<unknown> => client.submit({ spec: mockSpec(digest), idempotencyKey });
    await submit('before');
    // The coordinator's connections are made anew, and it looks again.
    const change = async (setting: string, value: string): Promise<void> => {
      await redis.config('SET', setting, value);
      await redis.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
    };
    await change('maxmemory-policy', 'allkeys-lru');
    let refused: AppError | undefined;
    await waitFor(
      async () => {
        refused = await submit(`after ${Math.random()}`).then(
          () => undefined,
          (error: unknown) => error as AppError,
        );
        return refused?.reason === 'REDIS_UNSAFE';
      },
      { what: 'the refusal', everyMs: 50, state: () => String(refused) },
    );
    expect(refused).toMatchObject({ code: 'failed_precondition' });
    expect(refused!.message).toContain('redis-cli CONFIG SET maxmemory-policy noeviction');
    expect(coordinator.output).toMatch(/"level":"?(50|error)"?.*maxmemory-policy is allkeys-lru.*redis-cli CONFIG SET/);
    // What was accepted goes on.
    expect(await client.submit({ spec: mockSpec(digest), idempotencyKey: 'before' })).toMatchObject({ existed: true });
    await change('maxmemory-policy', 'noeviction');
    await waitFor(
      () =>
        submit('mended').then(
          () => true,
          () => false,
        ),
      { what: 'a submit', everyMs: 50 },
    );
    client.close();
  } finally {
    redis.disconnect();
    await fleet.stop();
  }
});
