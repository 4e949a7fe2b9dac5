/** Operators' switches and the directory of agents, with two coordinators and real agents. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectRedis } from '../../coordinator/redis/connect.ts';
import { silentLogger } from '../../shared/telemetry/logger.ts';
import type { AssayClient } from '../../shared/client/client.ts';
import type { ClusterChange, Evaluation } from '../../shared/client/types.ts';
import { Fleet, type Process } from '../support/fleet.ts';
import { Gate, gatedEndpoint } from '../support/gate.ts';
import { mockSpec, sums } from '../support/mock-evaluation.ts';
import { waitFor } from '../support/wait-for.ts';

const SAMPLES = 400;
/** For one agent alone. */
const FEW = 100;
/** Ten minutes of work for one agent. */
const MANY = 40_000;

let fleet: Fleet;
let first: Process & { address: string };
let second: Process & { address: string };
let a: AssayClient;
let b: AssayClient;
let digest: string;

const gate = new Gate();
const endpoint = gatedEndpoint(gate);
const models = () => [
  { match: 'mock/*', provider: 'mock', max_connections: 2, options: { latency_ms: 30 } },
  { match: 'openai/*', provider: 'openai', base_url: endpoint.url, max_connections: 2 },
];

beforeAll(async () => {
  [fleet] = await Promise.all([Fleet.start(), endpoint.start()]);
  [first, second] = await Promise.all([fleet.coordinator(), fleet.coordinator()]);
  [a, b] = [fleet.client(first.address), fleet.client(second.address)];
  await Promise.all([
    fleet.agent('one', [first.address], { models: models(), labels: { zone: 'us' } }),
    fleet.agent('two', [second.address], { models: models(), labels: { zone: 'us' } }),
  ]);
  digest = await a.uploadBytes(sums(SAMPLES));
});
afterAll(async () => {
  await fleet.stop();
  await endpoint.stop();
});

/** Everything that Redis knows is gone, while it runs. */
async function wipe(): Promise<void> {
  const redis = await connectRedis(fleet.redis.url, 'test', silentLogger());
  await redis.flushall();
  redis.disconnect();
}

let runs = 0;
const submit = async (more: Record<string, unknown> = {}, of = digest): Promise<Evaluation> =>
  (await a.submit({ spec: mockSpec(of, more), idempotencyKey: `run ${++runs}` })).evaluation;

const named = async (client: AssayClient, name: string) => (await client.agents()).items.find((agent) => agent.name === name);
const connected = async (client: AssayClient): Promise<string> =>
  (await client.agents({ states: ['ready'] })).items.map((agent) => agent.name).join(' ');
const until = (what: string, isSo: () => Promise<boolean>): Promise<unknown> => waitFor(isSo, { what, timeoutMs: 30_000, everyMs: 50 });
const closed = async (id: string): Promise<number> => {
  const { total, ...counts } = (await a.get(id)).counts;
  return total - (total - Object.values(counts).reduce((sum, n) => sum + n, 0));
};

test('every coordinator knows all agents and coordinators; a list has pages and filters', async () => {
  for (const client of [a, b]) await until('both agents', async () => (await connected(client)) === 'one two');
  const { items } = await b.agents();
  expect(items[0]).toMatchObject({
    name: 'one',
    state: 'ready',
    wireVersion: '1.3',
    labels: { zone: 'us' },
    models: [{ match: 'mock/*', maxConnections: 2, suspended: '' }, { match: 'openai/*' }],
    drainedByOperator: false,
  });
  expect(items[0]!.coordinatorId).not.toBe(items[1]!.coordinatorId);
  const page = await b.agents({}, { size: 1 });
  expect(page.items.map((agent) => agent.name)).toEqual(['one']);
  // A token is good on every coordinator, and only with its filter.
  expect((await a.agents({}, { size: 1, token: page.nextToken })).items.map((agent) => agent.name)).toEqual(['two']);
  await expect(a.agents({ model: 'mock/x' }, { token: page.nextToken })).rejects.toMatchObject({ code: 'invalid' });
  expect((await a.agents({ model: 'other/x' })).items).toEqual([]);
  expect((await a.agents({ labels: { zone: 'eu' } })).items).toEqual([]);
  await expect(a.agent('on')).rejects.toMatchObject({ code: 'not_found', message: expect.stringContaining('did you mean one') as string });
});

test('a drained agent gets nothing more, on whichever coordinator it is; undone, it works again', async () => {
  const drained = await a.drainAgent('two', { reason: 'new disks' });
  expect(drained).toMatchObject({ name: 'two', state: 'draining', drainedByOperator: true, reason: 'new disks' });
  const { agentId } = drained;
  await until('the other coordinator to know', async () => (await named(b, 'two'))!.state === 'draining');
  await until('nothing in its hands', async () => (await a.agent(agentId)).attempts.length === 0);
  const { evaluationId } = await submit({}, await a.uploadBytes(sums(FEW)));
  await until('the end', async () => (await a.get(evaluationId)).state === 'succeeded');
  const { agents } = await a.report(evaluationId);
  expect(agents).toEqual({ [(await named(a, 'one'))!.agentId]: FEW });
  // It holds over restarts of the agent's coordinator.
  await second.kill9();
  await second.start();
  await until('it to be back', async () => (await named(b, 'two'))?.state === 'draining');
  expect(await b.drainAgent(agentId, { undo: true })).toMatchObject({ drainedByOperator: false, reason: '' });
  // Written down with whom it was about, whatever the caller had named it by.
  expect((await a.auditEntries({ method: 'DrainAgent' })).map(({ target }) => target)).toEqual([
    `${agentId} two`,
    `${agentId} two (undone)`,
  ]);
  await until('it to be ready', async () => (await connected(a)) === 'one two');
  // More than the other agent can do before this one is seen at work, on the slowest machine.
  const again = await submit({}, await a.uploadBytes(sums(MANY)));
  const attempt = await waitFor(async () => (await a.agent(agentId)).attempts[0], { what: 'it to work' });
  expect(attempt).toMatchObject({ evaluationId: again.evaluationId, samples: expect.any(Number) as number });
  await a.cancel(again.evaluationId);
  await until('the end', async () => (await a.get(again.evaluationId)).state === 'cancelled');
}, 120_000);

test('of a paused route nothing is handed out by any coordinator; undone, it goes on at once', async () => {
  // Most of it waits at the endpoint until the route is paused.
  gate.set(SAMPLES / 10);
  const { evaluationId, routes } = await submit({ models: [{ model: 'openai/slow' }] });
  const { route, requirement } = routes[0]!;
  await until('work under way', async () => (await closed(evaluationId)) > 0);
  // By its words, in any order; the coordinator that is asked may have just heard of it.
  const paused = await b.pauseRoute(requirement.split(' ').toReversed().join(' '), { reason: 'budget' });
  expect(paused).toMatchObject({ route, paused: true, reason: 'budget', agents: 2, evaluationIds: [evaluationId] });
  gate.set(Infinity);
  await until('what runs to finish', async () => (await a.routes()).items.find((r) => r.route === route)?.inFlight === 0);
  const before = await closed(evaluationId);
  expect(before).toBeLessThan(SAMPLES);
  expect((await a.get(evaluationId)).state).toBe('running');
  // Redis may forget everything: the switch is in the store.
  await wipe();
  await until('the rebuilt evaluation', async () => (await a.get(evaluationId)).state === 'running');
  await until('the agents to be there again', async () => (await connected(b)) === 'one two');
  const { items } = await b.routes();
  const open = SAMPLES - before;
  expect(items).toMatchObject([{ route, paused: true, open, inFlight: 0, agents: 2, misfits: [] }]);
  expect(await closed(evaluationId)).toBe(before);
  expect(await a.pauseRoute(route, { undo: true })).toMatchObject({ paused: false, reason: '' });
  await until('the end', async () => (await a.get(evaluationId)).state === 'succeeded');
  expect((await a.routes()).items).toEqual([]);
  await expect(a.pauseRoute('model=nobody')).rejects.toMatchObject({ code: 'not_found' });
}, 120_000);

test('a route that nobody serves says why, agent by agent', async () => {
  const { evaluationId, routes } = await submit({ models: [{ model: 'other/x' }], route: { labels: { zone: 'eu' } } });
  await until('the other coordinator to hear of it', async () => (await b.routes({ withoutAgent: true })).items.length > 0);
  const { items } = await b.routes({ withoutAgent: true });
  expect(items).toMatchObject([{ route: routes[0]!.route, agents: 0, room: 0, open: SAMPLES, evaluationIds: [evaluationId] }]);
  expect(items[0]!.misfits).toEqual(
    ['one', 'two'].map(
      (name) => `${name}: label zone=eu is missing (it has zone=us); model other/x is not served (it serves mock/*, openai/*)`,
    ),
  );
  await a.cancel(evaluationId);
  for (const client of [a, b]) await until('it to be gone', async () => (await client.routes()).items.length === 0);
});

test('a watcher gets a snapshot, then what changes, and a new snapshot from another coordinator', async () => {
  const both = fleet.client(first.address, second.address);
  const changes: ClusterChange[] = [];
  const ends = new AbortController();
  const watching = (async () => {
    for await (const change of both.watchCluster({ signal: ends.signal })) changes.push(change);
  })().catch((error: unknown) => error);
  await until('a snapshot', async () => changes.length > 0);
  expect(changes[0]).toMatchObject({ snapshot: true, agents: [{ name: 'one' }, { name: 'two' }], routes: [] });
  expect(changes[0]!.coordinators.length).toBeGreaterThanOrEqual(2);
  await a.drainAgent('one', { reason: 'look' });
  const seen = (isSo: (change: ClusterChange) => boolean) => async () => changes.slice(1).some(isSo);
  await until(
    'the switch',
    seen((change) => !change.snapshot && change.agents.some((x) => x.name === 'one' && x.reason === 'look')),
  );
  await a.drainAgent('one', { undo: true });
  // It is not over before a picture shows it.
  const { evaluationId } = await submit({}, await a.uploadBytes(sums(MANY)));
  await until(
    'its route',
    seen((change) => change.routes.some((r) => r.evaluationIds.includes(evaluationId))),
  );
  await a.cancel(evaluationId);
  await until(
    'its end',
    seen((change) => change.removedRoutes.length > 0),
  );
  const before = changes.length;
  await first.kill9();
  await until('another snapshot', async () => changes.slice(before).some((change) => change.snapshot));
  await first.start();
  ends.abort();
  await watching;
}, 120_000);
