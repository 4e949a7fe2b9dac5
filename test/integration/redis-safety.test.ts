/** A Redis that may lose what it is given: refused in the production profile, said in the log otherwise. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectRedis } from '../../coordinator/redis/connect.ts';
import { primariesOf } from '../../coordinator/redis/primaries.ts';
import { checkRedisSafety } from '../../coordinator/redis/safety.ts';
import { createLogger, silentLogger } from '../../shared/telemetry/logger.ts';
import { startRedis, type TestRedis } from '../support/redis.ts';

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
  const args = ['coordinator/main.ts', '--redis', unsafe.url, '--store', join(unsafe.dir, 'store'), '--profile', 'production'];
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
