/** Commands to evaluations on a real fleet: what they do, and that it outlives Redis. */
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { redisOptions } from '../../coordinator/redis/options.ts';
import { digestOf } from '../../shared/domain/ids.ts';
import { checkBooks } from '../support/books.ts';
import { Commanded } from '../support/commanded.ts';
import { allOf, sums, watchAll } from '../support/mock-evaluation.ts';
import { waitFor } from '../support/wait-for.ts';

/** One fleet for all: every test leaves it as it found it. Its agents have 4 connections to one model and 8 to another. */
let c: Commanded;
beforeAll(async () => {
  c = await Commanded.start();
  await Promise.all([c.agent('four', undefined, 4, 'openai/one'), c.agent('eight', undefined, 8, 'openai/eight')]);
});
afterAll(() => c.stop());
afterEach(() => c.reset());
const ON_EIGHT = { models: [{ model: 'openai/eight' }] };

test('paused: what runs is counted, nothing more is handed out, also after Redis was wiped; resumed: it goes on', async () => {
  c.held = () => true;
  const id = await c.submit(30);
  await waitFor(() => c.endpoint.calls.length === 4, { what: 'the first calls' });
  expect(await c.client.pause({ evaluationId: id }, 'lunch')).toEqual([
    { evaluationId: id, state: 'paused', changed: true, problem: '', durability: { class: 'buffered', replicas: 0 } },
  ]);
  expect(await c.client.pause({ evaluationId: id })).toMatchObject([{ state: 'paused', changed: false, problem: '' }]);
  expect(await c.client.get(id)).toMatchObject({ state: 'paused', reason: 'lunch' });
  c.held = () => false;
  const paused = await c.until(id, 'what runs to be counted', (e) => e.inFlight === 0);
  expect(paused.counts.scored).toBe(c.endpoint.calls.length);
  expect(paused.counts.scored).toBeLessThan(30);
  const wiped = await c.wipe(id);
  expect(wiped).toMatchObject({ state: 'paused', counts: paused.counts });
  expect(c.endpoint.calls).toHaveLength(paused.counts.scored);
  expect(await c.client.resume({ evaluationId: id }, 'back')).toMatchObject([{ changed: true, problem: '' }]);
  await watchAll(c.client, id);
  expect((await checkBooks(c.client, id)).units).toMatchObject({ total: 30, scored: 30 });
  expect(c.endpoint.calls).toHaveLength(30);
  expect(await c.client.pause({ evaluationId: id })).toMatchObject([
    { state: 'succeeded', changed: false, problem: expect.stringContaining('nothing is left') },
  ]);
});

test('paused and resumed at once, several times: every sample is run once', async () => {
  const id = await c.submit(60);
  for (let i = 0; i < 5; i++) {
    await c.client.pause({ evaluationId: id });
    await c.client.resume({ evaluationId: id });
  }
  await watchAll(c.client, id);
  expect((await checkBooks(c.client, id)).units.scored).toBe(60);
  expect(c.endpoint.calls).toHaveLength(60);
});

test('drained: what runs finishes and is counted, then the rest is cancelled, for ever', async () => {
  c.held = () => true;
  const id = await c.submit(30);
  await waitFor(() => c.endpoint.calls.length === 4, { what: 'the first calls' });
  expect(await c.client.cancelAll({ evaluationId: id }, { mode: 'drain', reason: 'enough' })).toMatchObject([
    { state: 'running', changed: true },
  ]);
  expect((await c.client.get(id)).reason).toContain('enough');
  c.held = () => false;
  const done = await c.until(id, 'the end', (e) => e.state === 'cancelled');
  expect(done.counts.scored).toBe(c.endpoint.calls.length);
  expect(done.counts.scored + done.counts.cancelled).toBe(30);
  expect(done.counts.cancelled).toBeGreaterThan(0);
  const report = await checkBooks(c.client, id);
  await c.wipe(id);
  expect((await c.client.report(id)).units).toEqual(report.units);
  expect(await c.client.get(id)).toMatchObject({ state: 'cancelled', counts: done.counts });
});

test('drained, and Redis is wiped before the end: it ends as cancelled', async () => {
  c.holdAllBut(5);
  const id = await c.submit(30);
  await c.until(id, 'the first results', (e) => e.counts.scored === 5);
  await c.client.cancelAll({ evaluationId: id }, { mode: 'drain' });
  await c.flush();
  const done = await c.until(id, 'the end', (e) => e.state === 'cancelled');
  expect(done.counts).toMatchObject({ scored: 5, cancelled: 25 });
});

test('skipped samples are cancelled, also if they run, and stay so without Redis; the counts balance', async () => {
  c.held = (sample) => sample < 2;
  const id = await c.submit(20);
  await c.until(id, 'all others', (e) => e.counts.scored === 18);
  await expect(c.client.skip(id, {})).rejects.toThrow(/empty/);
  await expect(c.client.skip(id, { text: 'x' })).rejects.toThrow(/text/);
  expect(await c.client.skip(id, { sampleIds: ['s1', 's7'] }, 'stuck')).toMatchObject({ skipped: 1, state: 'running' });
  expect(await c.client.skip(id, { sampleIds: ['s1'] })).toMatchObject({ skipped: 0 });
  const wiped = await c.wipe(id);
  expect(wiped.counts).toMatchObject({ scored: 18, cancelled: 1 });
  c.held = () => false;
  await watchAll(c.client, id);
  expect((await checkBooks(c.client, id)).units).toMatchObject({ scored: 19, cancelled: 1 });
});

test('the last open samples are skipped: it is over', async () => {
  c.held = (sample) => sample === 3;
  const id = await c.submit(6);
  await c.until(id, 'all others', (e) => e.counts.scored === 5);
  expect((await c.client.skip(id, { units: [3] })).skipped).toBe(1);
  const done = await c.until(id, 'the end', (e) => e.state === 'succeeded');
  expect(done.counts).toMatchObject({ scored: 5, cancelled: 1 });
  // Its result comes late, and changes nothing.
  c.held = () => false;
  await waitFor(() => c.endpoint.inFlight === 0, { what: 'the late answer' });
  await c.wipe(id);
  expect((await checkBooks(c.client, id)).units).toMatchObject({ scored: 5, cancelled: 1 });
});

test('more errors than it bears: it ends early as failed, and says why, also without Redis', async () => {
  c.refused = c.holdAllBut(3);
  const id = await c.submit(40, { ...ON_EIGHT, fail_on_error: 3 });
  const failed = await c.until(id, 'the failure', (e) => e.state === 'failed');
  expect(failed.reason).toMatch(/3 of 40 samples errored.*fail_on_error: 3/);
  expect(failed.counts).toMatchObject({ errored: 3, cancelled: 37 });
  const report = await checkBooks(c.client, id);
  expect(report.state).toBe('failed');
  await c.wipe(id);
  expect(await c.client.get(id)).toMatchObject({ state: 'failed', reason: failed.reason });
  // Requeued with what was not run, it does what it could not.
  c.refused = () => false;
  c.held = () => false;
  expect(await c.client.requeue(id, { states: ['errored', 'cancelled'] })).toMatchObject({ requeued: 40 });
  await c.until(id, 'its end', (e) => e.state === 'succeeded');
  expect((await checkBooks(c.client, id)).units).toMatchObject({ scored: 40 });
});

test('settings change while it runs, and tags for ever', async () => {
  c.held = () => true;
  const id = await c.submit(40, { ...ON_EIGHT, max_samples: 2, tags: ['a'] });
  await waitFor(() => c.endpoint.calls.length === 2, { what: 'the first two calls' });
  expect((await c.client.get(id)).inFlight).toBe(2);
  await expect(c.client.update(id, { priority: 11, maxSamples: -1 })).rejects.toThrow(/priority[\s\S]*max_samples/);
  const updated = await c.client.update(id, { priority: 2, maxSamples: 5, limits: { tokens: 1000 }, tags: ['b', 'c'] });
  expect(updated).toMatchObject({ priority: 2, maxSamples: 5, limits: { tokens: 1000 }, tags: ['b', 'c'] });
  await waitFor(() => c.endpoint.calls.length === 5, { what: 'five calls' });
  expect((await c.wipe(id)).maxSamples).toBe(5);
  c.held = () => false;
  await watchAll(c.client, id);
  expect(await c.client.update(id, { tags: ['late'], metadata: { x: 1 } })).toMatchObject({
    tags: ['late'],
    metadata: { x: 1 },
    priority: 2,
  });
  await expect(c.client.update(id, { priority: 1 })).rejects.toMatchObject({ code: 'failed_precondition' });
  await c.flush();
  expect(await c.client.get(id)).toMatchObject({ tags: ['late'], metadata: { x: 1 }, priority: 2 });
});

test('a newer one with the same key supersedes, or waits for its turn, over several coordinators', async () => {
  c.held = () => true;
  const other = await c.fleet.coordinator();
  const client = c.fleet.client(other.address);
  const old = await c.submit(10, { concurrency: { key: 'x' } }, 'old');
  const young = await c.submit(10, { concurrency: { key: 'x' } }, 'young');
  expect(await client.get(old)).toMatchObject({ reason: `superseded by ${young}` });
  await c.until(old, 'its end', (e) => e.state === 'cancelled');
  const third = await c.submit(10, { concurrency: { key: 'x', supersede: false } }, 'third');
  const fourth = await c.submit(10, { concurrency: { key: 'x', supersede: false } }, 'fourth');
  expect(await client.get(third)).toMatchObject({ state: 'accepted', reason: `waits for ${young}` });
  expect((await client.get(fourth)).state).toBe('accepted');
  await c.flush();
  await c.until(third, 'it to wait again', (e) => e.state === 'accepted' && e.reason === `waits for ${young}`);
  c.held = () => false;
  for (const id of [young, third, fourth]) await c.until(id, 'its end', (e) => e.state === 'succeeded');
  const [begun, ended] = [await c.client.report(fourth), await c.client.report(third)];
  expect(Date.parse(begun.timing.firstSampleStartedAt!)).toBeGreaterThanOrEqual(Date.parse(ended.timing.finishedAt) - 1_000);
  await other.signal('SIGTERM');
});

test('a bound of samples in flight is shared: a model that nobody serves keeps no other waiting', async () => {
  c.held = () => true;
  const id = await c.submit(12, { models: [{ model: 'nobody/serves' }, { model: 'openai/one' }], max_samples: 4 });
  await waitFor(() => c.endpoint.calls.length === 2, { what: 'its share of the bound' });
  c.held = () => false;
  await c.until(id, 'the other model', (e) => e.groups[1]!.counts.scored === 12);
  expect((await c.client.get(id)).groups[0]!.counts.scored).toBe(0);
});

test('Redis is wiped before a newer one could supersede: it does so afterwards', async () => {
  c.held = () => true;
  const old = await c.submit(10, { concurrency: { key: 'x' } }, 'old');
  await waitFor(() => c.endpoint.calls.length === 4, { what: 'the first calls' });
  const redis = new Redis({ ...redisOptions(c.fleet.redis.url), lazyConnect: true });
  await redis.connect();
  try {
    // Somebody else decides about this key, and never will.
    await redis.set(`assay:{${digestOf(JSON.stringify(['default', 'x']))}}:turn`, 'somebody', 'PX', 600_000);
    const young = await c.submit(10, { concurrency: { key: 'x' } }, 'young');
    expect((await c.client.get(young)).state).toBe('accepted');
    await redis.flushall();
    await c.until(old, 'the old one to be superseded', (e) => e.state === 'cancelled');
    c.held = () => false;
    await c.until(young, 'its end', (e) => e.state === 'succeeded');
  } finally {
    redis.disconnect();
  }
});

test('by filter: those that are meant, each with its outcome; deleted ones are gone', async () => {
  c.held = () => true;
  const ids = [];
  for (let i = 0; i < 4; i++) ids.push(await c.submit(5, { tags: i < 3 ? ['x'] : [] }, `key ${i}`));
  const paused = await c.client.pause({ filter: { tags: ['x'] } });
  expect(paused.map((o) => o.evaluationId).toSorted()).toEqual(ids.slice(0, 3).toSorted());
  expect(paused.every((o) => o.changed && o.state === 'paused')).toBe(true);
  await expect(c.client.delete({ evaluationId: ids[0]! })).rejects.toMatchObject({ code: 'failed_precondition' });
  await expect(c.client.delete({ filter: {} })).rejects.toMatchObject({ code: 'invalid' });
  const cancelled = await c.client.cancelAll({ filter: { tags: ['x'] } }, { reason: 'done' });
  expect(cancelled.every((o) => o.changed)).toBe(true);
  for (const id of ids.slice(0, 3)) await c.until(id, 'its end', (e) => e.state === 'cancelled');
  expect((await c.client.delete({ filter: { tags: ['x'] } })).filter((o) => o.changed)).toHaveLength(3);
  await expect(c.client.get(ids[0]!)).rejects.toMatchObject({ code: 'not_found' });
  expect((await c.client.list()).items.map((e) => e.evaluationId)).toEqual([ids[3]]);
  c.held = () => false;
  // The key is free again.
  expect(await c.submit(5, {}, 'key 0')).toBe(ids[0]);
  await c.until(ids[0]!, 'its end', (e) => e.state === 'succeeded');
  expect(await allOf(c.client.results(ids[0]!))).toHaveLength(5);
});

test('the key of a removed evaluation may mean another spec, for another agent: that one is run and read', async () => {
  const submit = async (samples: number, model: string, message: string): Promise<string> => {
    const dataset = { uri: 'file:sums.jsonl', digest: await c.client.uploadBytes(sums(samples)) };
    const benchmark = { benchmark: 'sums', dataset, prompt: { system_message: message }, scorers: [{ name: 'includes' }] };
    return c.submit(samples, { benchmarks: [benchmark], models: [{ model }] }, 'again');
  };
  const messagesOf = async (id: string): Promise<string> => JSON.stringify((await c.client.sample(id, { unit: 0 })).messages);
  const id = await submit(5, 'openai/one', 'Be short.');
  await c.until(id, 'its end', (e) => e.state === 'succeeded');
  expect(await allOf(c.client.results(id))).toHaveLength(5);
  expect(await messagesOf(id)).toContain('Be short.');
  await c.client.delete({ evaluationId: id });
  c.endpoint.calls.length = 0;
  expect(await submit(7, 'openai/eight', 'Take your time.')).toBe(id);
  await c.until(id, 'its end', (e) => e.state === 'succeeded');
  expect(c.endpoint.byModel()).toEqual({ eight: 7 });
  const results = await allOf(c.client.results(id));
  expect(results.map((r) => [r.unit, r.model])).toEqual([0, 1, 2, 3, 4, 5, 6].map((unit) => [unit, 'openai/eight']));
  expect(await messagesOf(id)).toContain('Take your time.');
});
