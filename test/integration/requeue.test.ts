/** Samples that are opened again: each counted once, scored ones never called again, whatever dies meanwhile. */
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { Ledger } from '../../coordinator/ledger/ledger.ts';
import { redisOptions } from '../../coordinator/redis/options.ts';
import { openDirectoryStore } from '../../coordinator/store/directory-store.ts';
import type { Store } from '../../coordinator/store/store.ts';
import { systemClock } from '../../shared/runtime/clock.ts';
import { silentLogger } from '../../shared/telemetry/logger.ts';
import { checkBooks } from '../support/books.ts';
import { Commanded } from '../support/commanded.ts';
import { watchAll } from '../support/mock-evaluation.ts';
import { waitFor } from '../support/wait-for.ts';

/** One fleet for all: every test leaves it as it found it. */
let c: Commanded;
beforeAll(async () => {
  c = await Commanded.start();
  // Room for every call at once: tasks come in any order, and calls that a test holds must not stand before those it waits for.
  await c.agent('one', [c.coordinator.address], SAMPLES);
});
afterAll(() => c.stop());
afterEach(() => c.reset());

const SAMPLES = 20;
const BAD = [3, 4, 11];
const isBad = (sample: number): boolean => BAD.includes(sample);

/** Every sample scored and counted; only the bad ones were called twice. */
async function expectAllScored(id: string): Promise<void> {
  const done = await c.until(id, 'its end', (e) => e.state === 'succeeded');
  expect(done.counts).toMatchObject({ scored: SAMPLES, errored: 0 });
  expect(done.groups[0]!.scorers[0]).toMatchObject({ n: SAMPLES, sum: SAMPLES });
  expect((await checkBooks(c.client, id)).units).toMatchObject({ total: SAMPLES, scored: SAMPLES });
  const calls = c.callsOf();
  for (let sample = 0; sample < SAMPLES; sample++) expect(calls.get(sample), `calls of sample ${sample}`).toBe(isBad(sample) ? 2 : 1);
}

async function endedWithErrors(): Promise<string> {
  c.refused = isBad;
  const id = await c.submit(SAMPLES);
  await watchAll(c.client, id);
  expect((await c.client.get(id)).counts).toMatchObject({ scored: SAMPLES - BAD.length, errored: BAD.length });
  return id;
}

test('errored samples of a finished evaluation run again, under a new report', async () => {
  const id = await endedWithErrors();
  await expect(c.client.requeue(id, { states: ['scored'] })).rejects.toMatchObject({ code: 'invalid' });
  expect(await c.client.requeue(id, { states: ['dead'] })).toMatchObject({ requeued: 0, state: 'succeeded' });
  c.refused = () => false;
  c.held = isBad;
  const requeued = await c.client.requeue(id, {}, 'the endpoint was mended');
  expect(requeued.requeued).toBe(BAD.length);
  // The recovery by which it is reopened may still be under way.
  expect(['recovering', 'running']).toContain(requeued.state);
  await expect(c.client.report(id)).rejects.toMatchObject({ code: 'failed_precondition' });
  const watched = watchAll(c.client, id);
  await c.until(id, 'the recovered counts', (e) => e.state === 'running' && e.counts.scored === SAMPLES - BAD.length);
  c.held = () => false;
  const events = await watched;
  expect(events[0]).toMatchObject({ kind: 'snapshot', evaluation: { state: expect.toBeOneOf(['recovering', 'running']) } });
  // The picture of a recovery that is not told yet bears the cursor of what was told last; nothing new is told under that generation.
  expect(events.at(-1)).toMatchObject({ kind: 'state', state: 'succeeded' });
  expect(events.slice(1).filter(({ cursor }) => cursor.startsWith('1-'))).toEqual([]);
  await expectAllScored(id);
  await c.wipe(id);
  await expectAllScored(id);
});

test('the same by class and id, twice, with Redis wiped before and between', async () => {
  const id = await endedWithErrors();
  await c.flush();
  expect(await c.client.requeue(id, { errorClasses: ['request'], sampleIds: ['s3', 's5'] })).toMatchObject({ requeued: 1 });
  await c.flush();
  await c.until(id, 'its end', (e) => e.state === 'succeeded' && e.counts.errored === BAD.length);
  // Once more where its call was under way when Redis was wiped.
  expect(c.callsOf().get(3)).toBeOneOf([2, 3]);
  expect(c.callsOf().get(4)).toBe(1);
  c.refused = () => false;
  expect(await c.client.requeue(id)).toMatchObject({ requeued: BAD.length });
  await c.flush();
  const done = await c.until(id, 'its end', (e) => e.state === 'succeeded' && e.counts.scored === SAMPLES);
  expect(done.counts.errored).toBe(0);
  expect((await checkBooks(c.client, id)).units.scored).toBe(SAMPLES);
  for (const [sample, calls] of c.callsOf()) if (!isBad(sample)) expect(calls).toBe(1);
});

test('errored samples of a running evaluation run again beside the others, also out of tasks that run', async () => {
  c.refused = isBad;
  c.held = (sample) => sample === 5 || sample === 15;
  const id = await c.submit(SAMPLES);
  await c.until(id, 'all others', (e) => e.counts.scored === SAMPLES - BAD.length - 2 && e.counts.errored === BAD.length);
  c.refused = () => false;
  expect(await c.client.requeue(id)).toMatchObject({ requeued: BAD.length, state: 'running' });
  const again = await c.until(id, 'the requeued', (e) => e.counts.scored === SAMPLES - 2);
  expect(again.counts.errored).toBe(0);
  expect(again.inFlight).toBe(2);
  expect((await c.wipe(id)).counts.errored).toBe(0);
  c.held = () => false;
  const done = await c.until(id, 'its end', (e) => e.state === 'succeeded');
  expect(done.counts.scored).toBe(SAMPLES);
  expect(done.groups[0]!.scorers[0]).toMatchObject({ n: SAMPLES, sum: SAMPLES });
  expect((await checkBooks(c.client, id)).units.scored).toBe(SAMPLES);
  for (const [sample, calls] of c.callsOf()) if (!isBad(sample) && sample !== 5 && sample !== 15) expect(calls).toBe(1);
});

test('a cancelled evaluation goes on with what was not run; what was skipped before stays skipped', async () => {
  c.held = (sample) => sample >= 6;
  const id = await c.submit(SAMPLES);
  await c.until(id, 'the first', (e) => e.counts.scored === 6);
  await c.client.skip(id, { units: [18] });
  await c.client.cancel(id, 'a mistake');
  await c.until(id, 'its end', (e) => e.state === 'cancelled');
  c.held = () => false;
  // A coordinator died between the refusal of this result and the void: nobody has asked for it since.
  const store = await openDirectoryStore({ path: c.fleet.store, coordinatorId: 'co_dead', clock: systemClock, logger: silentLogger() });
  try {
    const answer = '"outcome":"scored","completion":"36","scores":[{"scorer":"match","value":1,"number":1,"answer":"36"}]';
    const rest = '"usage":{"inputTokens":1,"outputTokens":1},"timing":{"startedAt":1,"modelMs":1,"totalMs":1},"calls":1,"retries":0';
    const content = Buffer.from(`{"unit":18,"sampleId":19,"epoch":1,${answer},${rest}}`);
    await store.appendResults(id, [{ taskId: 't', attemptId: 'a', agentId: 'ag', grant: 2 ** 32 + 7, results: [{ unit: 18, content }] }]);
  } finally {
    await store.close();
  }
  const units = Array.from({ length: 10 }, (_, i) => 6 + i);
  expect(await c.client.requeue(id, { states: ['cancelled'], units })).toMatchObject({ requeued: 10 });
  await c.flush();
  const done = await c.until(id, 'its end', (e) => e.state === 'succeeded');
  expect(done.counts).toMatchObject({ scored: 16, cancelled: 4 });
  expect((await checkBooks(c.client, id)).units).toMatchObject({ scored: 16, cancelled: 4 });
});

test('a sample that was skipped while it ran can be requeued, although its result came late', async () => {
  c.held = (sample) => sample >= 2;
  const id = await c.submit(6);
  await waitFor(() => c.endpoint.calls.length === 6, { what: 'all calls' });
  expect(await c.client.skip(id, { units: [4] })).toMatchObject({ skipped: 1 });
  c.held = () => false;
  const ended = await c.until(id, 'its end', (e) => e.state === 'succeeded');
  expect(ended.counts).toMatchObject({ scored: 5, cancelled: 1 });
  expect(await c.client.requeue(id, { states: ['cancelled'] })).toMatchObject({ requeued: 1 });
  await c.until(id, 'its second end', (e) => e.state === 'succeeded' && e.counts.scored === 6);
  expect((await checkBooks(c.client, id)).units).toMatchObject({ total: 6, scored: 6 });
});

test('the coordinator is killed while it requeues a finished evaluation: asked again, it is done once', async () => {
  const id = await endedWithErrors();
  c.refused = () => false;
  const asked = c.client.requeue(id).catch(() => undefined);
  await c.coordinator.kill9();
  await c.coordinator.start();
  await asked;
  await c.until(id, 'it to stand still', (e) => e.state === 'succeeded');
  await c.client.requeue(id);
  await c.until(id, 'its end', (e) => e.state === 'succeeded' && e.counts.scored === SAMPLES);
  await expectAllScored(id);
});

/** All are over but one, whose call is held; the bad ones would be scored now. */
async function allButOne(): Promise<string> {
  c.refused = isBad;
  c.held = (sample) => sample === 15;
  const id = await c.submit(SAMPLES);
  await c.until(id, 'all others', (e) => e.counts.scored === SAMPLES - BAD.length - 1 && e.counts.errored === BAD.length);
  c.refused = () => false;
  return id;
}

/** What another coordinator does with this fleet's ledger and store. */
async function asCoordinator(coordinatorId: string, work: (ledger: Ledger, store: Store) => Promise<void>): Promise<void> {
  const redis = new Redis(redisOptions(c.fleet.redis.url));
  await waitFor(() => redis.status === 'ready', { what: 'Redis' });
  const store = await openDirectoryStore({ path: c.fleet.store, coordinatorId, clock: systemClock, logger: silentLogger() });
  try {
    await work(new Ledger(redis, 'assay'), store);
  } finally {
    await store.close();
    redis.disconnect();
  }
}

test('a coordinator that dies in the middle of a requeue: another one does what the journal says', async () => {
  const id = await allButOne();
  // As the dead one would have done it: announced, journaled, one unit opened, and no more.
  await asCoordinator('co_dead', async (ledger, store) => {
    const manifest = (await store.manifest(id))!;
    const begun = await ledger.control(manifest, { action: 'begin', command: 'dead', states: ['running'] });
    expect(begun.done).toBe(true);
    const units = BAD.map((unit): [number, number] => [unit, unit + 1]);
    await store.appendControl(id, { kind: 'requeue', atMs: 1, reason: '', units, grant: begun.grant });
    expect(await ledger.reopen(id, [{ unit: 3, code: 4, group: 0, retries: 0, values: [] }], 'dead')).toBe(1);
  });
  // Another command waits for it, and is then carried out.
  expect(await c.client.update(id, { tags: ['later'] })).toMatchObject({ tags: ['later'] });
  c.held = () => false;
  const done = await c.until(id, 'its end', (e) => e.state === 'succeeded');
  expect(done.counts).toMatchObject({ scored: SAMPLES, errored: 0 });
  expect((await checkBooks(c.client, id)).units.scored).toBe(SAMPLES);
  for (const [sample, calls] of c.callsOf()) if (!isBad(sample) && sample !== 15) expect(calls).toBe(1);
});

test('a requeue that is written down after a recovery has passed it over is done when all else is', async () => {
  const id = await allButOne();
  await asCoordinator('co_late', async (ledger, store) => {
    const manifest = (await store.manifest(id))!;
    // As a coordinator does it that stands still between announcement and record, and dies after that.
    const { grant } = await ledger.control(manifest, { action: 'begin', command: 'late', states: ['running'] });
    await ledger.control(manifest, { action: 'recover', reason: 'a command was broken off', generation: 0 });
    await c.until(id, 'the recovery', (e) => e.state === 'running');
    const units = BAD.map((unit): [number, number] => [unit, unit + 1]);
    await store.appendControl(id, { kind: 'requeue', atMs: 1, reason: '', units, grant });
  });
  c.held = () => false;
  await expectAllScored(id);
});
