/** What bounds a namespace: at its bound and one beyond, by two coordinators at once, after the loss of Redis; and other namespaces go on. */
import { readdir } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { namespaceParts } from '../../coordinator/evaluations/namespaces/parts.ts';
import { Leases, type Lease } from '../../coordinator/ledger/leases.ts';
import { connectRedis } from '../../coordinator/redis/connect.ts';
import type { AssayClient } from '../../shared/client/client.ts';
import { connect } from '../../shared/client/connect.ts';
import { AppError } from '../../shared/domain/errors.ts';
import { digestOf } from '../../shared/domain/ids.ts';
import type { NamespaceLimits } from '../../shared/domain/namespace-limits.ts';
import { silentLogger } from '../../shared/telemetry/logger.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { Fleet } from '../support/fleet.ts';
import { MemorySwitches } from '../support/memory-switches.ts';
import { mockSpec, sums } from '../support/mock-evaluation.ts';
import { waitFor } from '../support/wait-for.ts';

let fleet: Fleet;
let addresses: string[];
let here: AssayClient;
let there: AssayClient;

beforeAll(async () => {
  fleet = await Fleet.start();
  const options = { args: ['--sweep-ms', '200'] };
  const first = await fleet.coordinator(options);
  here = connect({ addresses: [first.address] });
  // Before the other one starts: from then on both know it.
  await here.setNamespace('few', { maxTasks: 2 });
  const second = await fleet.coordinator(options);
  there = connect({ addresses: [second.address] });
  addresses = [first.address, second.address];
});
afterAll(async () => {
  here.close();
  there.close();
  await fleet.stop();
});

let keys = 0;
/** Submits an evaluation of so many samples that no agent serves. */
async function submit(client: AssayClient, namespace: string, samples: number, more: object = {}): Promise<string> {
  const digest = await client.uploadBytes(sums(samples), { namespace });
  const spec = mockSpec(digest, { models: [{ model: 'openai/nobody' }], ...more });
  return (await client.submit({ spec, idempotencyKey: `k${keys++}`, namespace })).evaluation.evaluationId;
}
const refusalOf = (run: Promise<unknown>): Promise<AppError | undefined> => run.then(() => undefined, AppError.from);
const bounded = (namespace: string, limits: NamespaceLimits): Promise<unknown> => here.setNamespace(namespace, limits);

test('samples that are not done: the last one fits, one more does not, and what is cancelled makes room', async () => {
  await bounded('queued', { maxQueuedSamples: 10 });
  const first = await submit(here, 'queued', 9);
  const refusal = await refusalOf(submit(there, 'queued', 2));
  expect(refusal).toMatchObject({
    code: 'resource_exhausted',
    reason: 'NAMESPACE_QUOTA',
    details: { namespace: 'queued', quota: 'max-queued-samples', limit: '10', used: '9', needed: '2' },
  });
  expect(refusal!.message).toMatch(/it is 10, 9 are taken, and this wants 2\. Nothing was kept of it; wait until some are done/);
  await submit(there, 'queued', 1);
  expect((await there.namespace('queued')).usage).toMatchObject({ queuedSamples: 10 });
  expect(await refusalOf(submit(here, 'queued', 1))).toMatchObject({ details: { used: '10' } });
  await submit(here, 'others', 11);

  // What is counted lies in the store: a Redis that has lost everything changes nothing.
  const redis = await connectRedis(fleet.redis.url, 'test', silentLogger());
  await redis.flushall();
  redis.disconnect();
  await waitFor(async () => (await refusalOf(submit(there, 'queued', 1)))?.reason === 'NAMESPACE_QUOTA', { what: 'a refusal' });
  await waitFor(() => here.cancel(first).catch(() => undefined), { what: 'the cancellation' });
  await waitFor(async () => (await here.get(first)).state === 'cancelled', { what: 'its end' });
  expect(await refusalOf(submit(there, 'queued', 9))).toBeUndefined();
  expect(await refusalOf(submit(there, 'queued', 1))).toMatchObject({ reason: 'NAMESPACE_QUOTA' });
});

/** One whose samples were all cancelled. */
async function cancelled(namespace: string, samples: number): Promise<string> {
  const id = await submit(here, namespace, samples);
  await here.cancel(id);
  await waitFor(async () => (await here.get(id)).state === 'cancelled', { what: 'its end' });
  return id;
}

test('samples that are opened again: no more than there is room for, of what is over and of what runs', async () => {
  await bounded('again', { maxQueuedSamples: 10 });
  const queued = async (): Promise<number> => (await here.namespace('again')).usage!.queuedSamples;
  const first = await cancelled('again', 10);
  const second = await submit(here, 'again', 4);
  const all = { states: ['cancelled' as const] };
  expect(await refusalOf(here.requeue(first, all))).toMatchObject({
    code: 'resource_exhausted',
    reason: 'NAMESPACE_QUOTA',
    details: { namespace: 'again', quota: 'max-queued-samples', limit: '10', used: '4', needed: '10' },
  });
  expect(await here.get(first), 'nothing was opened').toMatchObject({ state: 'cancelled', counts: { cancelled: 10 } });
  expect(await here.requeue(first, { ...all, sampleIds: ['s0', 's1', 's2', 's3'] })).toMatchObject({ requeued: 4 });
  await waitFor(async () => (await here.get(first)).state === 'running' && (await queued()) === 8, { what: 'its recovery' });
  // It runs now, and what is open of it is counted once.
  expect(await refusalOf(here.requeue(first, all))).toMatchObject({ details: { limit: '10', needed: '6' } });
  expect(await queued()).toBe(8);
  await here.cancel(second);
  await waitFor(async () => (await here.get(second)).state === 'cancelled', { what: 'its end' });
  const rest = { done: 0 };
  await waitFor(
    async () => {
      const done = await here.requeue(first, all).catch((error: unknown) => {
        if (AppError.from(error).reason !== 'NAMESPACE_QUOTA') throw error;
      });
      rest.done = done?.requeued ?? 0;
      return done !== undefined;
    },
    { what: 'room' },
  );
  expect(rest.done).toBe(6);
  expect(await queued()).toBe(10);
  const free = await cancelled('others', 11);
  expect(await here.requeue(free, all), 'without a bound').toMatchObject({ requeued: 11 });
});

test('two coordinators at once never give the same room twice', async () => {
  await bounded('raced', { maxQueuedSamples: 20 });
  const refusals = await Promise.all(Array.from({ length: 12 }, (_, i) => refusalOf(submit(i % 2 ? here : there, 'raced', 5))));
  expect(refusals.filter((refusal) => !refusal)).toHaveLength(4);
  expect(new Set(refusals.map((refusal) => refusal?.reason ?? 'none'))).toEqual(new Set(['none', 'NAMESPACE_QUOTA']));
  expect((await here.namespace('raced')).usage).toMatchObject({ queuedSamples: 20 });
});

test('samples of one evaluation, and the first priority, of submits and updates', async () => {
  await bounded('single', { maxEvaluationSamples: 6, firstPriority: 4 });
  expect(await refusalOf(submit(here, 'single', 5))).toBeUndefined();
  const id = await submit(here, 'single', 3, { epochs: 2 });
  expect(await refusalOf(submit(here, 'single', 7))).toMatchObject({ details: { quota: 'max-evaluation-samples', needed: '7' } });
  expect(await refusalOf(submit(here, 'single', 1, { priority: 3 }))).toMatchObject({ details: { quota: 'first-priority', limit: '4' } });
  expect(await refusalOf(there.update(id, { priority: 3 }))).toMatchObject({ details: { quota: 'first-priority' } });
  expect(await refusalOf(there.update(id, { priority: 4 }))).toBeUndefined();
  await here.setNamespace('single', {}, ['firstPriority', 'maxEvaluationSamples']);
  expect(await refusalOf(submit(there, 'single', 7, { priority: 1 }))).toBeUndefined();
});

test('bytes of datasets: uploads, and what a spec brings itself', async () => {
  const content = sums(8);
  await bounded('held', { maxContentBytes: content.byteLength });
  const larger = Buffer.concat([content, Buffer.from('\n')]);
  expect(await refusalOf(here.uploadBytes(larger, { namespace: 'held' }))).toMatchObject({
    details: { quota: 'max-content-bytes', used: '0', needed: String(larger.byteLength) },
  });
  expect(await here.uploadBytes(content, { namespace: 'held' })).toBe(digestOf(content));
  expect(await here.uploadBytes(content, { namespace: 'held' }), 'what it holds takes no more').toBe(digestOf(content));
  const inline = mockSpec('', {
    benchmarks: [{ benchmark: 'b', dataset: { uri: 'inline:{"input":"1","target":"1"}' }, scorers: ['match'] }],
    models: [{ model: 'openai/nobody' }],
  });
  expect(await refusalOf(there.submit({ spec: inline, idempotencyKey: 'inline', namespace: 'held' }))).toMatchObject({
    details: { quota: 'max-content-bytes', used: String(content.byteLength) },
  });
  expect(await refusalOf(here.uploadBytes(larger, { namespace: 'others' }))).toBeUndefined();
});

test('what was held and is gone makes room at once, for uploads and for what specs bring', async () => {
  const contents = Array.from({ length: 4 }, (_, i) => Buffer.from(`{"input":"gone ${i}","target":"1"}`));
  await bounded('gone', { maxContentBytes: contents[0]!.byteLength });
  const upload = (client: AssayClient, i: number) => refusalOf(client.uploadBytes(contents[i]!, { namespace: 'gone' }));
  const brought = (i: number) =>
    there.validate({
      spec: mockSpec('', {
        benchmarks: [{ benchmark: 'b', dataset: { uri: `inline:${contents[i]!.toString()}` }, scorers: ['match'] }],
        models: [{ model: 'openai/nobody' }],
      }),
      namespace: 'gone',
    });
  const collected = async (): Promise<void> => {
    for await (const { done } of here.collectGarbage({ graceMs: 0 })) if (done) return;
  };
  const isEmpty = async (): Promise<boolean> => {
    await collected();
    return (await here.namespace('gone')).usage!.contentBytes === 0;
  };
  expect(await upload(here, 0)).toBeUndefined();
  expect(await upload(there, 1)).toMatchObject({ reason: 'NAMESPACE_QUOTA' });
  await waitFor(isEmpty, { what: 'nothing to be held' });
  expect(await upload(there, 1)).toBeUndefined();
  await waitFor(isEmpty, { what: 'nothing to be held' });
  expect((await brought(2)).faults).toEqual([]);
  expect(await upload(here, 3)).toMatchObject({ reason: 'NAMESPACE_QUOTA' });
  await waitFor(isEmpty, { what: 'nothing to be held' });
  expect(await upload(here, 3)).toBeUndefined();
});

test('what a spec brings is stored within the bound, by a validation as well, and is counted', async () => {
  const lineOf = (i: number, bytes: number): string => `{"input":"${String(i).padEnd(bytes, 'x')}","target":"1"}`;
  const [fits, tooMuch] = [lineOf(1, 2_000), lineOf(2, 2_000)];
  const limit = Buffer.byteLength(fits) + 100;
  await bounded('brought', { maxContentBytes: limit });
  const specOf = (line: string) =>
    mockSpec('', {
      benchmarks: [{ benchmark: 'b', dataset: { uri: `inline:${line}` }, scorers: ['match'] }],
      models: [{ model: 'openai/nobody' }],
    });
  const isStored = async (line: string): Promise<boolean> => {
    const hex = digestOf(Buffer.from(line)).slice('sha256:'.length);
    return (await readdir(fleet.store, { recursive: true })).some((name) => name.includes(hex));
  };
  const validate = (line: string) => here.validate({ spec: specOf(line), namespace: 'brought' });
  const bytes = async (): Promise<number> => (await here.namespace('brought')).usage!.contentBytes;

  expect((await validate(fits)).faults).toEqual([]);
  expect(await isStored(fits)).toBe(true);
  expect(await bytes(), 'what a validation has kept is counted').toBe(Buffer.byteLength(fits));
  const refused = { code: 'resource_exhausted', reason: 'NAMESPACE_QUOTA', details: { quota: 'max-content-bytes', limit: String(limit) } };
  expect(await refusalOf(validate(tooMuch))).toMatchObject(refused);
  expect(await refusalOf(here.submit({ spec: specOf(tooMuch), idempotencyKey: 'too-much', namespace: 'brought' }))).toMatchObject(refused);
  expect(await isStored(tooMuch), 'nothing was stored of what is refused').toBe(false);
  // What it holds takes no more.
  expect((await validate(fits)).faults).toEqual([]);
  expect(await refusalOf(here.submit({ spec: specOf(fits), idempotencyKey: 'fits', namespace: 'brought' }))).toBeUndefined();
  expect(await bytes()).toBe(Buffer.byteLength(fits));
});

test('tasks that began before their namespace had a bound are counted in it', async () => {
  const redis = await connectRedis(fleet.redis.url, 'test', silentLogger());
  try {
    const leases = new Leases(redis, 'began-before', 60_000);
    const [clock, store] = [new FakeClock(), new MemorySwitches()];
    const { book, boundOf } = namespaceParts({
      ...{ store, leases, clock, coordinatorId: 'co_a', prices: { version: 'test', models: [] }, logger: silentLogger() },
      ledger: { notify: async () => undefined },
      catalog: { find: async (id: string) => ({ manifest: { namespace: id.startsWith('ev_a') ? 'a' : 'b' } }) },
    } as unknown as Parameters<typeof namespaceParts>[0]);
    const leasesOf = (evaluationId: string, count: number): Lease[] =>
      Array.from({ length: count }, (_, sequence) => ({
        evaluationId,
        sequence,
        attemptId: `at_${keys++}`,
        agentId: 'ag',
        instanceId: 'in',
      }));
    const set = async (limits: NamespaceLimits): Promise<void> => {
      await store.putSwitch('namespaces', 'a', { limits, updatedAtMs: 1, updatedBy: 'root' });
      await book.refresh();
    };
    const grant = async (count: number): Promise<boolean[]> => leases.addWithin((await boundOf('ev_a1'))!, leasesOf('ev_a1', count));

    await set({});
    expect(await boundOf('ev_a1')).toBeUndefined();
    const before = leasesOf('ev_a0', 3);
    await leases.add(before);
    await leases.add(leasesOf('ev_b0', 5));
    await set({ maxTasks: 4 });
    expect(await grant(3)).toEqual([true, false, false]);
    // Another coordinator, that does not know of the bound yet, gives out what counts here a moment later.
    await leases.remove(before);
    await leases.add(leasesOf('ev_a2', 3));
    clock.time += 6_000;
    expect(await grant(2)).toEqual([false, false]);
    // What begins while there is no bound, however short that is.
    await set({});
    expect(await boundOf('ev_a1')).toBeUndefined();
    await leases.add(leasesOf('ev_a3', 2));
    await set({ maxTasks: 7 });
    expect(await grant(2)).toEqual([true, false]);
  } finally {
    redis.disconnect();
  }
});

test('tasks at once, over all agents and coordinators', async () => {
  const model = { match: 'mock/*', provider: 'mock', max_connections: 8, options: { latency_ms: 150 } };
  for (const [i, address] of addresses.entries()) await fleet.agent(`agent-${i}`, [address], { models: [model] });
  const run = { models: [{ model: 'mock/one' }], max_task_samples: 1 };
  const ids = [await submit(here, 'few', 5, run), await submit(there, 'few', 5, { ...run, name: 'second' })];
  let most = 0;
  await waitFor(
    async () => {
      most = Math.max(most, (await here.namespace('few')).usage!.tasks);
      return (await Promise.all(ids.map((id) => here.get(id)))).every(({ state }) => state === 'succeeded');
    },
    { what: 'the end', timeoutMs: 60_000 },
  );
  expect(most).toBeGreaterThan(0);
  expect(most).toBeLessThanOrEqual(2);
});
