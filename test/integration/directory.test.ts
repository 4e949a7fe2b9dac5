/** The directory of agents and coordinators in a real Redis. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { LEFT, SEEN_STEP_MS } from '../../coordinator/cluster/agent-card.ts';
import { Directory } from '../../coordinator/cluster/directory.ts';
import { Publisher } from '../../coordinator/cluster/publisher.ts';
import { connectRedis, type RedisClient } from '../../coordinator/redis/connect.ts';
import type { SessionRegistry } from '../../coordinator/sessions/registry.ts';
import type { Session } from '../../coordinator/sessions/session.ts';
import { BUFFERED } from '../../shared/domain/durability.ts';
import { systemClock } from '../../shared/runtime/clock.ts';
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

/** Always heard of last at one moment, far from the next step of what is written of it. */
const HEARD_AT_MS = Math.floor(Date.now() / SEEN_STEP_MS - 1) * SEEN_STEP_MS + SEEN_STEP_MS / 2;

const session = (n: number, more: object = {}): Session =>
  ({
    agentId: `ag_${n}`,
    name: `agent ${n}`,
    state: 'ready',
    offer: { namespaces: ['team-a'], labels: {}, models: [{ match: 'm', maxConnections: 1, lookAhead: 0 }], capabilities: [] },
    facts: { version: '0', wireVersion: '1.1', host: {}, peer: '', proof: () => 'local' },
    held: new Map(),
    tally: { counted: 0, errored: 0 },
    samples: 0,
    connectedAtMs: Date.now(),
    silentMs: () => Date.now() - HEARD_AT_MS,
    models: () => [{ room: 1, suspended: '' }],
    ...more,
  }) as unknown as Session;

function coordinator(coordinatorId: string) {
  const sessions: Session[] = [];
  const self = { coordinatorId, version: '0', storeId: 's', address: () => 'x:1', durability: () => BUFFERED };
  const publisher = new Publisher({ directory, registry: { all: () => sessions } as SessionRegistry, self, clock: systemClock });
  return { sessions, publisher };
}

const states = async () => (await directory.read()).agents.map((agent) => `${agent.agentId} ${agent.state} ${agent.coordinatorId}`);

test('500 agents cost one write, and nothing as long as nothing changes', async () => {
  const { sessions, publisher } = coordinator('co_1');
  sessions.push(...Array.from({ length: 500 }, (_, i) => session(i)));
  await publisher.runOnce();
  const { agents, coordinators } = await directory.read();
  expect(agents).toHaveLength(500);
  expect(coordinators).toMatchObject([{ coordinatorId: 'co_1', agents: 500 }]);
  // Marked in Redis: whoever is not written again keeps the mark. At once, for a coordinator that is silent for long is written anew.
  const marks = agents.map(({ agentId }) => [agentId, `1|${JSON.stringify({ ...card, agentId })}`]);
  await redis.hset('test:{fleet}:agents', Object.fromEntries(marks) as Record<string, string>);
  sessions[7] = session(7, { samples: 3, connectedAtMs: sessions[7]!.connectedAtMs });
  await publisher.runOnce();
  const rewritten = (await directory.read()).agents.filter((agent) => agent.name !== card.name);
  expect(rewritten).toMatchObject([{ agentId: 'ag_7', samples: 3 }]);
});

test('what Redis has lost is there again after the next round', async () => {
  const { sessions, publisher } = coordinator('co_1');
  sessions.push(session(1), session(2));
  await publisher.runOnce();
  await redis.flushall();
  await publisher.runOnce();
  expect(await states()).toEqual(['ag_1 ready co_1', 'ag_2 ready co_1']);
});

test('an agent that has moved is not gone, whoever writes last', async () => {
  const [one, two] = [coordinator('co_1'), coordinator('co_2')];
  const before = session(1, { connectedAtMs: Date.now() - 5000 });
  one.sessions.push(before);
  await one.publisher.runOnce();
  two.sessions.push(session(1));
  await two.publisher.runOnce();
  one.sessions.pop();
  one.publisher.gone(session(1, { state: 'gone', connectedAtMs: before.connectedAtMs }));
  await one.publisher.runOnce();
  expect(await states()).toEqual(['ag_1 ready co_2']);
  two.sessions.pop();
  two.publisher.gone(session(1, { state: 'gone', connectedAtMs: Date.now() + 1000 }));
  await two.publisher.runOnce();
  expect(await states()).toEqual(['ag_1 gone co_2']);
});

test('agents of a coordinator that is no more are gone; after a day they are forgotten', async () => {
  const nowMs = await directory.nowMs();
  const self = { coordinatorId: 'co_1', version: '0', address: '', startedAtMs: 0, seenAtMs: nowMs, agents: 1, inFlight: 0, storeId: 's' };
  const ready = { ...card, agentId: 'ag_1', state: 'ready' as const, coordinatorId: 'co_1', connectedAtMs: 1, seenAtMs: nowMs };
  await directory.publish(self, [ready, { ...ready, agentId: 'ag_2', seenAtMs: nowMs - 25 * 3600_000 }]);
  expect(await states()).toEqual(['ag_1 ready co_1']);
  await directory.publish({ ...self, seenAtMs: nowMs - 16_000 }, []);
  const { agents, coordinators } = await directory.read();
  expect(coordinators).toEqual([]);
  expect(agents).toMatchObject([{ agentId: 'ag_1', state: 'gone', models: [{ room: 0 }] }]);
  await directory.tidy();
  expect(await redis.hkeys('test:{fleet}:agents')).toEqual(['ag_1']);
  await directory.leave('co_1');
  expect(await redis.hkeys('test:{fleet}:coordinators')).toEqual([]);
});

test('an agent that has taken its leave has left, whatever becomes of the coordinator that it left', async () => {
  const nowMs = await directory.nowMs();
  const self = { coordinatorId: 'co_1', version: '0', address: '', startedAtMs: 0, seenAtMs: nowMs, agents: 1, inFlight: 0, storeId: 's' };
  const left = { ...card, agentId: 'ag_1', state: 'gone' as const, reason: LEFT, coordinatorId: 'co_1', connectedAtMs: 1, seenAtMs: nowMs };
  await directory.publish({ ...self, seenAtMs: nowMs - 16_000 }, [left, { ...left, agentId: 'ag_2', state: 'ready', reason: '' }]);
  expect((await directory.read()).agents).toMatchObject([
    { agentId: 'ag_1', state: 'gone', reason: LEFT },
    { agentId: 'ag_2', state: 'gone', reason: '' },
  ]);
});

test('what a stranger has written there is left out', async () => {
  await redis.hset('test:{fleet}:agents', 'x', 'rubbish', 'y', '1|{');
  await redis.hset('test:{fleet}:coordinators', 'x', '{');
  expect(await directory.read()).toMatchObject({ agents: [], coordinators: [] });
});
