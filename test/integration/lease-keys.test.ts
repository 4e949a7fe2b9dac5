/** The keys under which leases lie: all of them under the prefix and in one slot, so that a user of Redis who has only the prefix, and a cluster, take them. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Leases, type Lease } from '../../coordinator/ledger/leases.ts';
import { connectRedis, type RedisClient } from '../../coordinator/redis/connect.ts';
import { silentLogger } from '../../shared/telemetry/logger.ts';
import { startRedis, type TestRedis } from '../support/redis.ts';

const PREFIX = 'own';
let server: TestRedis;
let admin: RedisClient;
let redis: RedisClient;
beforeAll(async () => {
  server = await startRedis();
  [admin, redis] = await Promise.all([connectRedis(server.url, 'admin', silentLogger()), connectRedis(server.url, 'own', silentLogger())]);
  await admin.call('ACL', 'SETUSER', 'owner', 'on', '>secret', '+@all', 'resetkeys', `~${PREFIX}:*`);
  await redis.call('AUTH', 'owner', 'secret');
});
afterAll(async () => {
  admin.disconnect();
  redis.disconnect();
  await server.stop();
});

const leasesOf = (evaluationId: string, count: number): Lease[] =>
  Array.from({ length: count }, (_, sequence) => ({
    ...{ evaluationId, sequence, attemptId: `${sequence}`.padStart(32, '0') },
    ...{ agentId: 'ag_0123456789abcdef', instanceId: 'in' },
  }));
/** What Redis Cluster makes a slot of: what stands between the first `{` and the next `}`, or the whole key. */
const tagOf = (key: string): string => /^[^{]*\{([^}]+)\}/.exec(key)?.[1] ?? key;

test.each(['team-a', '{team}', 'a}b', 'x:y', '*'])(
  'leases of the bounded holder %s lie under the prefix and in the slot of all',
  async (holder) => {
    await admin.flushall();
    const leases = new Leases(redis, PREFIX, 60_000);
    await leases.add(leasesOf('ev_free', 1));
    expect(await leases.addWithin({ holder, limit: 2 }, leasesOf('ev_bound', 3))).toEqual([true, true, false]);
    await leases.adopt(holder, leasesOf('ev_free', 1));
    const keys = await admin.keys('*');
    expect(keys).toHaveLength(2);
    expect(keys.filter((key) => !key.startsWith(`${PREFIX}:`))).toEqual([]);
    expect(new Set(keys.map(tagOf)).size).toBe(1);
  },
);

test('beyond the prefix that user has nothing', async () => {
  await expect(new Leases(redis, 'other', 60_000).add(leasesOf('ev_a', 1))).rejects.toThrow(/NOPERM|permission/i);
  await expect(redis.get(`x-${PREFIX}:leases`)).rejects.toThrow(/NOPERM|permission/i);
});
