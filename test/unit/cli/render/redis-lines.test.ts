import { expect, test } from 'vitest';
import { redisLines } from '../../../../cli/render/redis-lines.ts';

test('Redis, a line for each server; what it says of itself moves no cursor', () => {
  const known = { kind: 'redis', version: '7.0.15', mode: 'cluster', role: 'primary', replicas: 1, usedBytes: 2 ** 20, maxBytes: 2 ** 22 };
  const servers = [
    { address: 'one:6379', ...known, aof: true, appendfsync: 'everysec', latencyUs: 310 },
    { address: 'two:6379', problem: 'Redis: it is reading its file: wait' },
    { address: 'three:6379', version: '\u001b[2J1' },
  ];
  const lines = redisLines({ measuredAtMs: 1, servers });
  expect(lines.slice(0, 2)).toEqual([
    'redis: redis 7.0.15, cluster; primary, 1 replica online; 1.0 MiB of 4.0 MiB (25 %); append-only file, synced every second (everysec); answers in 0.3 ms',
    'redis: two:6379 does not answer: Redis: it is reading its file: wait',
  ]);
  expect(lines[2]).toMatch(/; not told; not told; not told; answers in not told$/);
  expect(lines[2]).not.toContain('\u001b');
});
