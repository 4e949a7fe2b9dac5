/** Finished evaluations stay: Redis comes back empty, the coordinator starts again, and every question has the same answer. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { AssayClient } from '../../shared/client/client.ts';
import type { EvaluationFilter } from '../../shared/client/types.ts';
import { Fleet, type Process } from '../support/fleet.ts';
import { allOf, mockSpec, sums, watchAll } from '../support/mock-evaluation.ts';
import { failure } from '../support/rpc.ts';
import { waitFor } from '../support/wait-for.ts';

const SAMPLES = 6;

let fleet: Fleet;
let coordinator: Process & { address: string };
let client: AssayClient;
/** Of the test that runs: each sees its own evaluations alone. */
let namespace = 'default';
let tests = 0;
beforeAll(async () => {
  fleet = await Fleet.start();
  coordinator = await fleet.coordinator();
  client = fleet.client(coordinator.address);
  await startAgent('mock', coordinator.address);
});
afterAll(() => fleet.stop());
afterEach(() => void (namespace = `test-${++tests}`));

/** Serves the models that begin with its name. */
const startAgent = (name: string, address: string): Promise<Process> =>
  fleet.agent(name, [address], { models: [{ match: `${name}/*`, provider: 'mock', max_connections: 4 }] });
/** Until an agent of that name is there. */
const waitsForAgent = { models: [{ model: 'late/one' }] };

async function submit(key: string, more: Record<string, unknown> = {}): Promise<string> {
  const digest = await client.uploadBytes(sums(SAMPLES), { namespace });
  const spec = mockSpec(digest, { name: key, ...more });
  return (await client.submit({ spec, idempotencyKey: key, owner: 'ann', namespace })).evaluation.evaluationId;
}

/** Kills the coordinator, takes everything from Redis, and starts another one where it was. */
async function startAnew(args: string[] = []): Promise<void> {
  await coordinator.kill9();
  await forgetAll();
  const port = Number(coordinator.address.split(':')[1]);
  coordinator = await fleet.coordinator({ port, args: ['--lease-ms', '3000', '--heartbeat-ms', '500', ...args] });
  client = fleet.client(coordinator.address);
}

/** Its last write is in the store: from here on nothing is left to recover. */
async function marked(id: string): Promise<void> {
  await waitFor(() => existsSync(join(fleet.store, 'evaluations', id, 'finished')), { what: 'the finished mark' });
}

const idsOf = async (of: AssayClient, filter: EvaluationFilter = {}): Promise<string[]> =>
  (await of.list(filter)).items.map((row) => row.evaluationId);

/** Everything that can be asked of one evaluation, without what only Redis knows. */
async function answersOf(of: AssayClient, id: string): Promise<unknown> {
  const { cursor: _cursor, agents: _agents, groups, ...evaluation } = await of.get(id);
  return {
    evaluation,
    counts: groups.map((g) => g.counts),
    samples: await of.samples(id),
    sample: await of.sample(id, { sampleId: 's3' }),
    results: await allOf(of.results(id)),
    report: await of.report(id),
  };
}

test('ten finished evaluations, Redis starts again with nothing: list, show, samples, report answer as before', async () => {
  const ids: string[] = [];
  for (let n = 0; n < 10; n++)
    ids.push(await submit(`e${n}`, { tags: n % 2 === 0 ? ['even'] : [], metadata: { ci: { branch: `b${n % 3}` }, n } }));
  for (const id of ids) await watchAll(client, id);
  for (const id of ids) await marked(id);
  const list = await client.list({});
  expect(list.items.map((row) => row.evaluationId)).toEqual(ids.toReversed());
  expect(list.items[9]).toMatchObject({
    name: 'e0',
    owner: 'ann',
    tags: ['even'],
    metadata: { ci: { branch: 'b0' }, n: 0 },
    counts: { total: SAMPLES },
  });
  expect(list.items[0]!.results[0]).toMatchObject({ benchmark: 'sums', model: 'mock/one', scorer: 'match' });
  const before = [await answersOf(client, ids[0]!), await answersOf(client, ids[9]!)];
  expect(before[0]).toMatchObject({
    evaluation: { state: 'succeeded', owner: 'ann', namespace: 'default', tags: ['even'], spec: { name: 'e0' } },
    samples: { items: Array.from({ length: SAMPLES }, (_, unit) => ({ unit, sampleId: `s${unit}`, completion: '' })), nextToken: '' },
    sample: {
      result: { unit: 3, sampleId: 's3' },
      messages: [{ role: 'user', parts: [{ value: 'What is 3 + 3?' }] }],
      target: ['6'],
      whereabouts: '',
    },
  });

  // Redis forgets everything, and is restarted; the coordinator is killed. Its index is there again, or it makes a new one.
  for (const index of ['kept', 'new']) {
    await startAnew(index === 'new' ? ['--index', join(fleet.dir, 'own', 'index.db')] : []);
    expect(await client.list({}), `index: ${index}`).toEqual(list);
    expect([await answersOf(client, ids[0]!), await answersOf(client, ids[9]!)], `index: ${index}`).toEqual(before);
    expect(await idsOf(client, { tags: ['even'], metadata: { 'ci.branch': 'b0' } })).toEqual([ids[6], ids[0]]);
    expect(await idsOf(client, { metadata: { n: '7' } })).toEqual([ids[7]]);
    expect(await idsOf(client, { name: 'E3' })).toEqual([ids[3]]);
    expect(await idsOf(client, { owner: 'bob' })).toEqual([]);
    expect(await idsOf(client, { namespace: 'other' })).toEqual([]);
  }
}, 120_000);

async function forgetAll(): Promise<void> {
  const redis = new Redis(fleet.redis.url.replace(/^unix:/, ''));
  await redis.flushall();
  redis.disconnect();
  await fleet.redis.restart();
}

test('a cancelled evaluation keeps the states of its samples when Redis has forgotten them', async () => {
  const id = await submit('none', waitsForAgent);
  await client.cancel(id, 'not wanted');
  await watchAll(client, id);
  expect(await idsOf(client, { namespace, states: ['cancelled'] })).toEqual([id]);
  await marked(id);
  await startAnew();
  expect(await client.get(id)).toMatchObject({ state: 'cancelled', reason: 'not wanted', counts: { cancelled: SAMPLES } });
  expect((await client.list({ namespace, states: ['cancelled'] })).items).toMatchObject([{ evaluationId: id, reason: 'not wanted' }]);
  const { items } = await client.samples(id, { states: ['cancelled'] });
  expect(items.map((s) => [s.sampleId, s.state])).toEqual(Array.from({ length: SAMPLES }, (_, n) => [`s${n}`, 'cancelled']));
  expect(await client.samples(id, { states: ['scored'] })).toEqual({ items: [], nextToken: '' });
});

test('two coordinators: what is submitted to one is listed, watched in samples and finished on the other', async () => {
  const other = await fleet.coordinator();
  const second = fleet.client(other.address);
  const id = await submit('e', waitsForAgent);
  expect(await idsOf(client, { namespace })).toEqual([id]);
  await waitFor(async () => (await idsOf(second, { namespace })).includes(id), { what: 'the row on the other coordinator' });
  expect((await second.samples(id)).items.map((s) => s.state)).toEqual(Array.from({ length: SAMPLES }, () => 'pending'));
  expect((await second.sample(id, { unit: 2 })).whereabouts).toMatch(/^waiting/);
  await startAgent('late', coordinator.address);
  await watchAll(client, id);
  await waitFor(async () => (await second.list({ namespace, states: ['succeeded'] })).items.length === 1, {
    what: 'its end on the other coordinator',
  });
  const first = await client.samples(id, {}, { size: 4 });
  expect(first.items.map((s) => s.unit)).toEqual([0, 1, 2, 3]);
  const rest = await second.samples(id, {}, { size: 4, token: first.nextToken });
  expect(rest.items.map((s) => s.unit)).toEqual([4, 5]);
  expect(rest.nextToken).toBe('');
  expect(await failure(second.samples(id, { epochs: [1] }, { token: first.nextToken }))).toMatchObject({ code: 'invalid' });
});

test('a sample by its names: what is not unique is asked for, all at once', async () => {
  const id = await submit('e', { models: [{ model: 'mock/one' }, { model: 'mock/two' }], epochs: 2 });
  await watchAll(client, id);
  const unclear = await failure(client.sample(id, { sampleId: 's1' }));
  expect(unclear.code).toBe('invalid');
  expect(unclear.message).toContain('mock/one, mock/two');
  expect(unclear.message).toContain('epoch');
  expect(await client.sample(id, { sampleId: 's1', model: 'mock/two', epoch: 2 })).toMatchObject({
    result: { unit: 2 * SAMPLES + 3, sampleId: 's1', epoch: 2, model: 'mock/two' },
    target: ['2'],
  });
  expect(await failure(client.sample(id, { sampleId: 's99', model: 'mock/two', epoch: 1 }))).toMatchObject({ code: 'not_found' });
  expect(await failure(client.sample(id, { unit: 24 }))).toMatchObject({ code: 'invalid' });
});
