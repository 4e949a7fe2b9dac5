/** An evaluation on a Redis Cluster of three primaries, each with a replica: slots move, primaries change and die. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Redis } from 'ioredis';
import { connect } from '../../shared/client/connect.ts';
import { redisCheck } from '../../cli/doctor/redis.ts';
import { startRedis } from '../support/redis.ts';
import { mockSpec, sums } from '../support/mock-evaluation.ts';
import { strikeShard, victimOnCluster } from '../support/cluster-blows.ts';
import { slotOf, type RedisCluster } from '../support/redis-cluster.ts';
import type { Victim } from '../support/victim.ts';

let cluster: RedisCluster;
let victim: Victim;
beforeAll(async () => {
  ({ cluster, victim } = await victimOnCluster());
}, 90_000);
afterAll(() => victim?.stop());

test(
  'a failover by command, a migration of its slot and the death of its primary: it ends exactly, and that is told once',
  { timeout: 180_000 },
  async () => {
    const facts = await strikeShard(cluster, victim);
    console.log(JSON.stringify({ test: 'cluster', ...facts }));
    expect(facts).toMatchObject({ leftBehind: 0, ofCounted: 0 });
    const client = connect({ addresses: [victim.coordinator.address] });
    const told = async (): Promise<unknown[]> =>
      (await client.events({ kind: 'evaluation_finished' })).items.filter((event) => event.facts['evaluationId'] === facts.evaluationId);
    try {
      await expect.poll(async () => (await told()).length, { timeout: 30_000 }).toBe(1);
    } finally {
      client.close();
    }
  },
);

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
  expect(slots(/\{alerts\}/)).toHaveLength(1);
  expect(keys.filter((key) => !/\{|:(?:leases|store|run_id|hello:ag_[0-9a-f]{16})$/.test(key))).toEqual([]);
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
