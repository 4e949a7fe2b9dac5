/** What is wrong with the ledger of one evaluation is no trouble of the others; and what two coordinators do about it at once. */
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { redisOptions } from '../../coordinator/redis/options.ts';
import type { AssayClient } from '../../shared/client/client.ts';
import { Commanded, QUICK } from '../support/commanded.ts';
import { waitFor } from '../support/wait-for.ts';

const SAMPLES = 12;

let c: Commanded;
let second: AssayClient;
let redis: Redis;
beforeAll(async () => {
  c = await Commanded.start();
  second = c.fleet.client((await c.fleet.coordinator({ args: QUICK })).address);
  await c.agent('one', [c.coordinator.address], 2 * SAMPLES);
  redis = new Redis(redisOptions(c.fleet.redis.url));
});
afterAll(async () => {
  redis.disconnect();
  await c.stop();
});
afterEach(() => c.reset());

const key = (id: string, name: string): string => `assay:{${id}}:${name}`;

async function halfway(): Promise<string> {
  c.held = (sample) => sample >= SAMPLES / 2;
  const id = await c.submit(SAMPLES);
  await c.until(id, 'half of it', (e) => e.counts.scored === SAMPLES / 2);
  return id;
}

const generation = async (id: string): Promise<number> => Number(await redis.hget(key(id, 'meta'), 'generation'));

async function overwrite(id: string): Promise<void> {
  await redis.multi().del(key(id, 'meta')).set(key(id, 'meta'), 'no ledger').exec();
}

test('one that makes no sense is made anew, and keeps nothing from the others', async () => {
  const [damaged, other] = [await halfway(), await halfway()];
  await overwrite(damaged);
  await c.until(damaged, 'its ledger', (e) => e.state === 'running' && e.counts.scored === SAMPLES / 2);
  c.held = () => false;
  for (const id of [damaged, other]) expect((await c.until(id, 'its end', (e) => e.finishedAtMs > 0)).counts.scored).toBe(SAMPLES);
  expect(await c.client.verify(damaged)).toMatchObject({ balanced: true });
});

test('one that makes no sense does not keep a Redis that came back from being used', async () => {
  const [damaged, other] = [await halfway(), await halfway()];
  await overwrite(damaged);
  await c.fleet.redis.kill9();
  await c.fleet.redis.restart();
  c.held = () => false;
  const later = await c.submit(SAMPLES);
  for (const id of [damaged, other, later]) expect((await c.until(id, 'its end', (e) => e.finishedAtMs > 0)).counts.scored).toBe(SAMPLES);
});

test('it is asked for by several, at two coordinators', async () => {
  const id = await halfway();
  const before = await generation(id);
  const asked = await Promise.all([c.client, second, c.client, second].map((client, n) => client.recover(id, `the ${n}th`)));
  // Whoever is told first may see the other's recovery.
  for (const answer of asked) expect(answer.generation).toBeGreaterThan(before);
  await c.until(id, 'its ledger', (e) => e.state === 'running' && e.counts.scored === SAMPLES / 2);
  // Two for each coordinator, whose callers share one recovery, and two for a sweep that came between.
  expect((await generation(id)) - before).toBeLessThanOrEqual(6);
  expect(await c.client.verify(id)).toMatchObject({ balanced: true, counts: { scored: SAMPLES / 2 } });
});

test('what has finished is told to coordinators whose sweep is far away', async () => {
  const idle = c.fleet.client((await c.fleet.coordinator({ args: [...QUICK.slice(0, -1), '60000'] })).address);
  expect((await idle.list()).items).toEqual([]);
  const id = await c.submit(SAMPLES);
  const states = async (): Promise<string[]> => (await idle.list()).items.flatMap((e) => (e.evaluationId === id ? [e.state] : []));
  await waitFor(async () => (await states())[0] === 'succeeded', { what: 'its end in the list', timeoutMs: 30_000, everyMs: 50 });
});
