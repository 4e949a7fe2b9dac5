/** What is kept of agents that are gone, in a real Redis: little of each, and so many of each team. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { goneCard } from '../../coordinator/cluster/agent-card.ts';
import { Directory, MAX_GONE } from '../../coordinator/cluster/directory.ts';
import { connectRedis, type RedisClient } from '../../coordinator/redis/connect.ts';
import type { Agent, CoordinatorStatus } from '../../shared/client/types.ts';
import { BUFFERED } from '../../shared/domain/durability.ts';
import { silentLogger } from '../../shared/telemetry/logger.ts';
import { startRedis, type TestRedis } from '../support/redis.ts';
import { agent as card } from '../support/rpc-rows/answers.ts';

let server: TestRedis;
let redis: RedisClient;
let directory: Directory;
beforeAll(async () => {
  server = await startRedis();
  redis = await connectRedis(server.url, 'test', silentLogger());
  directory = new Directory(redis, 'test');
});
beforeEach(() => redis.flushall());
afterAll(async () => {
  redis.disconnect();
  await server.stop();
});

const status = (seenAtMs: number): CoordinatorStatus => ({
  ...{ coordinatorId: 'co_1', version: '0', address: 'x:1', startedAtMs: 0, seenAtMs, agents: 0, inFlight: 0, storeId: 's' },
  durability: BUFFERED,
});
const agent = (n: number, nowMs: number, more: Partial<Agent> = {}): Agent => ({
  ...{ ...card, agentId: `ag_${n}`, coordinatorId: 'co_1', state: 'gone', namespaces: ['team-a'], connectedAtMs: 1, seenAtMs: nowMs - n },
  ...more,
});

test('of one team so many are kept as it may have, those that were seen last; others keep theirs', async () => {
  const nowMs = await directory.nowMs();
  const ofA = Array.from({ length: MAX_GONE + 250 }, (_, n) => agent(n, nowMs));
  const others = [agent(90_001, nowMs, { namespaces: ['team-b'] }), agent(90_002, nowMs, { state: 'ready' })];
  await directory.publish(status(nowMs), [...ofA, ...others]);
  await directory.tidy();
  const kept = (await directory.read()).agents;
  expect(kept).toHaveLength(MAX_GONE + 2);
  const ids = new Set(kept.map(({ agentId }) => agentId));
  expect([ids.has('ag_0'), ids.has(`ag_${MAX_GONE - 1}`), ids.has(`ag_${MAX_GONE}`)]).toEqual([true, true, false]);
  expect([ids.has('ag_90001'), ids.has('ag_90002')]).toEqual([true, true]);
});

test('what is forgotten goes at once, unless it has connected again elsewhere', async () => {
  const nowMs = await directory.nowMs();
  await directory.publish(status(nowMs), [agent(1, nowMs), agent(2, nowMs, { connectedAtMs: 9 }), agent(3, nowMs)]);
  await directory.publish(status(nowMs), [agent(1, nowMs), agent(2, nowMs)], new Set(['ag_1', 'ag_2']));
  expect((await directory.read()).agents.map(({ agentId }) => agentId)).toEqual(['ag_2', 'ag_3']);
});

test('a long card is cut short, a short one is kept', () => {
  expect(goneCard(agent(1, 0))).toEqual(agent(1, 0));
  const long = agent(1, 0, { capabilities: Array.from({ length: 100 }, (_, i) => `url:https://${i}.example.org/*`) });
  expect(goneCard(long)).toEqual({ ...long, capabilities: [], models: [], labels: {}, host: {} });
});
