import { expect, test } from 'vitest';
import type { RedisStatus } from '../../../../shared/client/types.ts';
import { applyChange, newClusterView } from '../../../../cli/render/cluster-view.ts';
import { redisLines } from '../../../../cli/render/redis-lines.ts';

test('Redis, a line for each server; what it says of itself moves no cursor', () => {
  const known = { kind: 'redis', version: '7.0.15', mode: 'cluster', role: 'primary', replicas: 1, usedBytes: 2 ** 20, maxBytes: 2 ** 22 };
  const servers = [
    {
      address: 'one:6379',
      ...known,
      policy: 'noeviction',
      aof: true,
      appendfsync: 'everysec',
      latencyUs: 310,
      clients: 12,
      maxClients: 10_000,
      upMs: 3 * 86_400_000,
    },
    { address: 'two:6379', problem: 'Redis: it is reading its file: wait' },
    { address: 'three:6379', version: '\u001b[2J1' },
  ];
  const lines = redisLines({ measuredAtMs: 1, servers });
  expect(lines.slice(0, 2)).toEqual([
    'redis: one:6379; redis 7.0.15, cluster; primary, 1 replica online; 1.0 MiB of 4.0 MiB (25 %); when full noeviction: it refuses, and keeps what it has; append-only file, synced every second (everysec); answers in 0.3 ms; connections 12 of 10,000; up 3 days',
    'redis: two:6379 does not answer: Redis: it is reading its file: wait',
  ]);
  expect(lines[2]).toMatch(/; not told; not told; when full not told; not told; answers in not told; connections not told; up not told$/);
  expect(lines[2]).not.toContain('\u001b');
});

test('what may lose accepted work stands before all else', () => {
  const server = { address: 'one:6379', version: '7.0.15', policy: 'allkeys-lru', aof: false };
  const lines = redisLines({ measuredAtMs: 1, servers: [{ address: 'two:6379', policy: 'noeviction', aof: true }, server] });
  expect(lines.map((line) => line.slice(0, 10))).toEqual(['WARNING: r', 'WARNING: r', 'redis: two', 'redis: one']);
  expect(lines.slice(0, 2)).toEqual([
    'WARNING: redis one:6379, when full: allkeys-lru: it drops queues and counts',
    'WARNING: redis one:6379, persistence: none: a restart forgets what is queued and counted',
  ]);
  // Where changes are printed they are told once, and again only when they come again.
  const view = newClusterView();
  const nothing = { coordinators: [], agents: [], routes: [], removedCoordinatorIds: [], removedAgentIds: [], removedRoutes: [] };
  const told = (servers: RedisStatus['servers']): string[] =>
    applyChange(view, { ...nothing, timeMs: 1, snapshot: false, redis: { measuredAtMs: 1, servers } });
  const safe = { ...server, policy: 'noeviction', aof: true, appendfsync: 'always' };
  expect([told([server]), told([server]), told([safe]), told([server])]).toEqual([lines.slice(0, 2), [], [], lines.slice(0, 2)]);
});
