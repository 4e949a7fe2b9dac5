/** Watchers that stop reading: they cost a bounded piece of memory, slow nobody, and are told to begin anew when they read again. */
import { readFileSync } from 'node:fs';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { redisOptions } from '../../coordinator/redis/connect.ts';
import { compareCursors } from '../../coordinator/progress/event-log.ts';
import type { WatchEvent } from '../../shared/client/types.ts';
import { Commanded } from '../support/commanded.ts';
import { floodEvents, StalledWatcher } from '../support/stalled-watcher.ts';
import { waitFor } from '../support/wait-for.ts';

const WATCHERS = 20;
const EVENTS = 6_000;
const BATCH = 400;
let commanded: Commanded;
let redis: Redis;

beforeAll(async () => {
  commanded = await Commanded.start();
  redis = new Redis(redisOptions(commanded.fleet.redis.url));
});
afterAll(async () => {
  redis.disconnect();
  await commanded.stop();
});

const rssMiB = (): number => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${commanded.coordinator.pid}/status`, 'utf8'))![1]) / 1024;

test('20 that stop reading while 6,000 events pass', async () => {
  const id = await commanded.submit(3);
  await commanded.until(id, 'its start', (e) => e.state === 'running');
  const seen: WatchEvent[] = [];
  const reader = (async () => {
    for await (const event of commanded.client.watch(id)) seen.push(event);
  })();
  reader.catch(() => undefined); // it is awaited at the end
  await waitFor(() => seen.length > 0, { what: 'the snapshot' });
  const stalled = Array.from({ length: WATCHERS }, () => new StalledWatcher(commanded.coordinator.address, id));
  await waitFor(() => stalled.every(({ events }) => events.length > 0), { what: 'their snapshots' });
  const before = rssMiB();
  let slowestMs = 0;
  for (let told = 0; told < EVENTS; told += BATCH) {
    const last = await floodEvents(redis, id, BATCH);
    const asked = performance.now();
    await commanded.client.get(id);
    slowestMs = Math.max(slowestMs, performance.now() - asked);
    await waitFor(() => seen.at(-1)!.cursor === last, { what: 'the reader to have them', timeoutMs: 30_000 });
  }
  const grownMiB = rssMiB() - before;
  console.log(
    JSON.stringify({ test: expect.getState().currentTestName, grownMiB: Math.round(grownMiB), slowestMs: Math.round(slowestMs) }),
  );
  // Who reads has missed nothing, and was never sent back.
  expect(seen.filter((event) => event.kind === 'progress').length).toBeGreaterThanOrEqual(EVENTS);
  expect(seen.filter((event) => event.kind === 'snapshot')).toHaveLength(1);
  expect(grownMiB).toBeLessThan(2 * WATCHERS);

  for (const watcher of stalled) watcher.read();
  await commanded.client.cancel(id);
  await reader;
  await waitFor(() => stalled.every((watcher) => watcher.ended), {
    what: 'their ends',
    timeoutMs: 30_000,
    state: () => stalled.map((watcher) => watcher.events.length),
  });
  for (const { events } of stalled) {
    const snapshots = events.filter((event) => event.kind === 'snapshot');
    expect(snapshots.map((event) => event.resync)).toEqual([false, true]);
    expect(events.length).toBeLessThan(EVENTS);
    expect(events.at(-1)).toMatchObject({ kind: 'state', state: 'cancelled' });
    for (const [i, event] of events.slice(1).entries()) expect(compareCursors(event.cursor, events[i]!.cursor)).toBeGreaterThan(0);
  }
  for (const watcher of stalled) watcher.close();
});
