/** An evaluation on a Redis Cluster of three primaries, each with a replica: slots move, primaries change and die. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Redis } from 'ioredis';
import { connect } from '../../shared/client/connect.ts';
import type { Blow } from '../support/books.ts';
import { redisCheck } from '../../cli/doctor/redis.ts';
import { startRedis } from '../support/redis.ts';
import { mockSpec, sums } from '../support/mock-evaluation.ts';
import { RedisCluster, slotOf } from '../support/redis-cluster.ts';
import { finished, Victim } from '../support/victim.ts';
import { waitFor } from '../support/wait-for.ts';

let cluster: RedisCluster;
let victim: Victim;
beforeAll(async () => {
  cluster = await RedisCluster.start();
  const { server } = cluster.nodes[0]!;
  victim = await Victim.start({ redis: { ...server, url: cluster.url, stop: () => cluster.stop() } });
}, 90_000);
afterAll(() => victim?.stop());

test('a failover by command, a migration of its slot and the death of its primary: it ends exactly', { timeout: 180_000 }, async () => {
  await victim.agents('a', 'b');
  const id = await victim.submit();
  const key = `assay:{${id}}:meta`;
  const blows: Blow[] = [];

  await victim.until(id, 0.15);
  const before = await cluster.shardOf(key);
  blows.push(await victim.ledger.strike(id, 'failover', () => before.replica!.redis.call('CLUSTER', 'FAILOVER')));
  await waitFor(async () => (await cluster.shardOf(key)).primary === before.replica, {
    what: 'the replica to take over',
    timeoutMs: 20_000,
  });

  await victim.until(id, 0.35);
  const source = (await cluster.shardOf(key)).primary;
  blows.push(await victim.ledger.strike(id, 'migration', () => cluster.migrate(key)));
  expect((await cluster.shardOf(key)).primary).not.toBe(source);
  expect(await source.redis.call('CLUSTER', 'COUNTKEYSINSLOT', slotOf(key))).toBe(0);

  await victim.until(id, 0.55);
  await cluster.healthy();
  const dying = (await cluster.shardOf(key)).primary;
  blows.push(await victim.ledger.strike(id, 'kill -9 of its primary', () => dying.server.kill9()));
  victim.release();
  const killedAt = performance.now();
  await waitFor(async () => (await cluster.shardOf(key)).primary !== dying, { what: 'another primary', timeoutMs: 30_000 });
  const promotedAt = performance.now();
  const counted = blows.at(-1)!.counted.size;
  await waitFor(async () => (await victim.ledger.closedUnits(id)).length > counted + 5, {
    what: 'results to be counted',
    timeoutMs: 30_000,
  });
  console.log(
    JSON.stringify({
      test: 'cluster, kill -9 of a primary',
      promotedMs: Math.round(promotedAt - killedAt),
      goesOnMs: Math.round(performance.now() - killedAt),
    }),
  );
  expect(await finished(victim, id, blows)).toMatchObject({ ofCounted: 0 });
});

test('the doctor looks at every node that is named, and tells a node of a cluster from a server', async () => {
  const findings = await redisCheck(cluster.url, Date.now).run();
  const living = await Promise.all(cluster.nodes.map(({ redis }) => redis.ping().catch(() => '')));
  expect(findings.filter(({ level }) => level === 'fault')).toHaveLength(living.filter((answer) => answer !== 'PONG').length);
  expect(findings.filter(({ level }) => level === 'ok')).toHaveLength(living.filter((answer) => answer === 'PONG').length);
  const alone = await startRedis({ tcp: true });
  try {
    const wrong = await redisCheck(`redis+cluster://127.0.0.1:${alone.port}`, Date.now).run();
    expect(wrong.map(({ says }) => says).join('\n')).toContain('is no node of a cluster');
  } finally {
    await alone.stop();
  }
});

test('its keys lie in one slot, those of a route in another one', async () => {
  const keys = (await Promise.all(cluster.nodes.map(({ redis }) => redis.keys('assay:*').catch(() => [])))).flat();
  const slots = (pattern: RegExp): number[] => [...new Set(keys.filter((key) => pattern.test(key)).map(slotOf))];
  expect(slots(/\{ev_/)).toHaveLength(1);
  expect(keys.filter((key) => !/\{|:(?:leases|store|run_id)$/.test(key))).toEqual([]);
});

test("a replica of the evaluation's shard can be demanded", { timeout: 60_000 }, async () => {
  // The one that was killed comes back as a replica.
  for (const { server, redis } of cluster.nodes) if ((await redis.ping().catch(() => '')) !== 'PONG') await server.restart();
  await cluster.healthy();
  const address = victim.coordinator.address;
  const client = connect({ addresses: [address], durability: { class: 'replicated', replicas: 1 } });
  try {
    const digest = await client.uploadBytes(sums(4));
    const submits = Array.from({ length: 12 }, (_, i) => client.submit({ spec: mockSpec(digest), idempotencyKey: `replicated-${i}` }));
    const answers = await Promise.all(submits);
    expect(new Set(answers.map(({ evaluation }) => slotOf(`{${evaluation.evaluationId}}`))).size).toBeGreaterThan(1);
    for (const { evaluation, durability } of answers) {
      expect(durability).toEqual({ class: 'replicated', replicas: 1 });
      const { replica } = await cluster.shardOf(`{${evaluation.evaluationId}}`);
      const reader = new Redis({ port: replica!.server.port, readOnly: true });
      expect(await reader.hget(`assay:{${evaluation.evaluationId}}:meta`, 'units')).toBe('4');
      reader.disconnect();
    }
  } finally {
    client.close();
  }
});
