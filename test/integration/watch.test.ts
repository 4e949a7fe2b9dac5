/** Watching over two coordinators: one history for everybody, resumed anywhere, slowed by nobody. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { connectRedis, type RedisClient } from '../../coordinator/redis/connect.ts';
import { EventLog } from '../../coordinator/progress/event-log.ts';
import { watchEvaluation } from '../../coordinator/progress/watch.ts';
import type { Evaluation, WatchEvent } from '../../shared/client/types.ts';
import { systemClock } from '../../shared/runtime/clock.ts';
import { silentLogger } from '../../shared/telemetry/logger.ts';
import { Fleet } from '../support/fleet.ts';
import { Gate, gatedEndpoint } from '../support/gate.ts';
import { mockSpec, sums, watchAll } from '../support/mock-evaluation.ts';
import { startRedis, type TestRedis } from '../support/redis.ts';
import { manifestOf } from '../support/store-fixtures.ts';
import { waitFor } from '../support/wait-for.ts';

const SAMPLES = 500;
/** Samples that one event lets through: there are events for every watcher, however slow everything is. */
const STEP = 20;

describe('two coordinators on one Redis and one store', () => {
  let fleet: Fleet;
  let a: { address: string };
  let b: { address: string };
  let evaluationId: string;
  /** What the watcher saw that was there from the start and never interrupted. */
  let whole: WatchEvent[];
  /** What the late one saw at A, and then at B. */
  let late: WatchEvent[];
  let resumed: WatchEvent[];

  const gate = new Gate();
  const endpoint = gatedEndpoint(gate);
  let open = 0;
  let most = 0;
  const letThrough = (): void => gate.set((open = Math.min(open + STEP, most)));
  /** From here on events let through up to so many. */
  const upTo = (samples: number): void => {
    most = samples;
    letThrough();
  };

  beforeAll(async () => {
    [fleet] = await Promise.all([Fleet.start(), endpoint.start()]);
    [a, b] = [await fleet.coordinator(), await fleet.coordinator()];
    const models = [{ match: 'openai/*', provider: 'openai', base_url: endpoint.url, max_connections: 4 }];
    // One agent at each, so that both coordinators make events.
    await fleet.agent('one', [a.address], { models });
    await fleet.agent('two', [b.address], { models });
    const atA = fleet.client(a.address);
    const digest = await atA.uploadBytes(sums(SAMPLES));
    ({
      evaluation: { evaluationId },
    } = await atA.submit({ spec: mockSpec(digest, { models: [{ model: 'openai/one' }] }), idempotencyKey: 'watch' }));
    upTo(SAMPLES / 5);
    const first = take(atA.watch(evaluationId), Infinity, letThrough);
    await waitFor(async () => (await atA.get(evaluationId)).counts.scored >= SAMPLES / 5, {
      what: 'a fifth of the samples',
      timeoutMs: 30_000,
      everyMs: 50,
    });
    late = await take(fleet.client(a.address).watch(evaluationId), 6, ({ kind }) => kind === 'snapshot' && upTo((3 * SAMPLES) / 5));
    upTo(SAMPLES);
    resumed = await watchAll(fleet.client(b.address), evaluationId, late.at(-1)!.cursor);
    whole = await first;
  });
  afterAll(async () => {
    await fleet.stop();
    await endpoint.stop();
  });

  const after = (cursor: string): WatchEvent[] => {
    const at = whole.findIndex((event) => event.cursor === cursor);
    expect(at, `the cursor ${cursor} in the whole history`).toBeGreaterThanOrEqual(0);
    return whole.slice(at + 1);
  };

  test('the uninterrupted watcher sees a snapshot, rising progress, and the final state as the last event', () => {
    expect(whole[0]!.kind).toBe('snapshot');
    expect(whole.at(-1)).toMatchObject({ kind: 'state', state: 'succeeded' });
    const scored = whole.flatMap((event) => (event.kind === 'progress' ? [event.counts.scored] : []));
    expect(scored.length).toBeGreaterThan(10);
    expect(scored).toEqual(scored.toSorted((x, y) => x - y));
    expect(scored.at(-1)).toBe(SAMPLES);
    expect(new Set(whole.map((event) => event.cursor)).size).toBe(whole.length);
  });

  test('one that starts late, stops, and goes on by its cursor at the other coordinator sees exactly the tail', () => {
    expect(late[0]).toMatchObject({ kind: 'snapshot', resync: false });
    expect(late[0]!.kind === 'snapshot' && late[0]!.evaluation.counts.scored).toBeGreaterThanOrEqual(SAMPLES / 5);
    expect(resumed.length).toBeGreaterThan(5);
    expect([...late.slice(1), ...resumed]).toEqual(after(late[0]!.cursor));
  });

  test('progress is told at most ten times a second', () => {
    const times = whole.flatMap((event) => (event.kind === 'progress' ? [event.timeMs] : []));
    // The last one before a new state does not wait.
    const gaps = times.slice(1, -1).map((timeMs, i) => timeMs - times[i]!);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(100);
  });

  test('a finished evaluation: the picture and its state without a cursor, the exact tail with one, nothing after the last', async () => {
    const client = fleet.client(b.address);
    const fresh = await watchAll(client, evaluationId);
    expect(fresh.map((event) => event.kind)).toEqual(['snapshot', 'state']);
    expect(fresh[0]).toMatchObject({
      cursor: whole.at(-2)!.cursor,
      evaluation: { cursor: whole.at(-1)!.cursor, state: 'succeeded', counts: { total: SAMPLES, scored: SAMPLES } },
    });
    expect(await watchAll(client, evaluationId, whole[3]!.cursor)).toEqual(whole.slice(4));
    // One that went away between the two is told of the end, too.
    expect(await watchAll(client, evaluationId, fresh[0]!.cursor)).toEqual(whole.slice(-1));
    expect(await watchAll(client, evaluationId, whole.at(-1)!.cursor)).toEqual([]);
  });

  test('a cursor that nobody gave out gets a snapshot', async () => {
    const client = fleet.client(a.address);
    for (const cursor of ['999-1', '1-999999', '0-0']) {
      const events = await watchAll(client, evaluationId, cursor);
      expect({ cursor, kinds: events.map((event) => event.kind) }).toEqual({ cursor, kinds: ['snapshot', 'state'] });
    }
  });

  test.each(['no cursor at all', '1-', '-1', '1-1-1', ' 1-1', '1'.repeat(16) + '-1'])(
    '%j, which is no cursor, is refused',
    async (cursor) => {
      await expect(watchAll(fleet.client(a.address), evaluationId, cursor)).rejects.toMatchObject({
        code: 'invalid',
        faults: [{ place: 'cursor', problem: expect.stringMatching(/is no cursor/) }],
      });
    },
  );
});

describe('a reader that stops reading', () => {
  let server: TestRedis;
  let redis: RedisClient;
  const ending = new AbortController();
  const manifest = manifestOf('slow', 10_000);
  const key = `events-of-${manifest.evaluationId}`;

  beforeAll(async () => {
    server = await startRedis();
    redis = await connectRedis(server.url, 'test', silentLogger());
  });
  afterEach(() => ending.abort());
  afterAll(async () => {
    redis.disconnect();
    await server.stop();
  });

  test('is told to resync, and slows nobody', async () => {
    const log = new EventLog(redis, () => key, systemClock);
    let written = 0;
    const append = async (events: number, more: object = { k: 'p', c: [10_000, 0, 0, 0, 0, 0], g: [], f: 0, a: 1 }): Promise<void> => {
      for (let left = events; left > 0; left -= 100) {
        const batch = redis.pipeline();
        for (let i = 0; i < Math.min(100, left); i++)
          batch.xadd(key, 'MAXLEN', '~', 2_000, `1-${++written}`, 'd', JSON.stringify({ t: written, ...more }));
        await batch.exec();
        log.notice(manifest.evaluationId);
      }
    };
    const picture = async (): Promise<Evaluation> => ({ ...PICTURE, evaluationId: manifest.evaluationId, cursor: `1-${written}` });
    const watch = (): AsyncIterable<WatchEvent> =>
      watchEvaluation({ log, source: { manifest, picture, head: picture }, cursor: '1-1', clock: systemClock, signal: ending.signal });

    await append(3);
    const slow = watch()[Symbol.asyncIterator]();
    expect((await slow.next()).value).toMatchObject({ kind: 'progress', cursor: '1-2' });
    // From here on it does not read, while the log moves on by more than it keeps.
    const cursors: string[] = [];
    const quick = (async () => {
      for await (const event of watch()) cursors.push(event.cursor);
      return cursors;
    })();
    quick.catch(() => undefined); // it is awaited below
    for (let told = 0; told < 6_000; told += 500) {
      await append(500);
      await waitFor(() => written - cursors.length < 1_000, { what: 'the one that reads to be near the end' });
    }
    await append(1, { k: 's', s: 'succeeded', r: '' });
    expect(await quick).toEqual(Array.from({ length: written - 1 }, (_, i) => `1-${i + 2}`));
    // What it had taken before is still to come, then the new picture.
    const rest: WatchEvent[] = [];
    for (let next = await slow.next(); !next.done; next = await slow.next()) rest.push(next.value);
    expect(rest.length).toBeLessThan(1_000);
    const at = rest.findIndex((event) => event.kind === 'snapshot');
    expect(rest.slice(0, at).every((event) => event.kind === 'progress')).toBe(true);
    expect(rest.slice(at)).toMatchObject([
      { kind: 'snapshot', resync: true, cursor: `1-${written - 1}` },
      { kind: 'state', state: 'succeeded' },
    ]);
  });

  test('whose Redis went back in time is not led on from a cursor that is not there any more', async () => {
    const log = new EventLog(redis, () => 'went-back', systemClock);
    const watcher = log.open('went-back');
    await redis.xadd('went-back', '1-3', 'd', '{}');
    log.notice('went-back');
    await watcher.wait('1-2');
    await redis.xadd('went-back', '2-4', 'd', '{}');
    log.notice('went-back');
    await watcher.wait('1-3');
    expect(await log.after('went-back', '1-3')).toMatchObject([{ cursor: '2-4' }]);
    expect(await log.after('went-back', '1-7')).toBeUndefined();
    watcher.close();
  });
});

test('the end of what is over is told as it was written, also where it was not read so far', async () => {
  const server = await startRedis();
  const redis = await connectRedis(server.url, 'test', silentLogger());
  try {
    const manifest = manifestOf('over', 1);
    const { evaluationId } = manifest;
    const log = new EventLog(redis, () => 'over', systemClock);
    const watcher = log.open(evaluationId);
    await redis.xadd('over', '1-3', 'd', '{"k":"s","t":3,"s":"finalizing","r":""}');
    log.notice(evaluationId);
    await watcher.wait('1-2');
    // Whoever watches has read up to here; the notice of what follows was lost.
    await redis.xadd('over', '1-4', 'd', '{"k":"s","t":4,"s":"succeeded","r":""}');
    const picture = async (): Promise<Evaluation> => ({ ...PICTURE, evaluationId, cursor: '1-4' });
    const source = { manifest, picture, head: picture };
    const { signal } = new AbortController();
    const watch = watchEvaluation({ log, source, cursor: '', clock: systemClock, signal });
    const events = await take(watch, Infinity, () => undefined);
    expect(events.at(-1)).toEqual({ cursor: '1-4', timeMs: 4, kind: 'state', state: 'succeeded', reason: '' });
    watcher.close();
  } finally {
    redis.disconnect();
    await server.stop();
  }
});

const PICTURE: Omit<Evaluation, 'evaluationId' | 'cursor'> = {
  name: 'slow',
  state: 'succeeded',
  createdAtMs: 0,
  counts: { total: 10_000, scored: 10_000, unscored: 0, errored: 0, cancelled: 0, dead: 0 },
  groups: [],
  specDigest: '',
  reason: '',
  inFlight: 0,
  agents: 0,
  routes: [],
  namespace: 'default',
  owner: '',
  tags: [],
  metadata: {},
  priority: 5,
  finishedAtMs: 0,
  maxSamples: 0,
  limits: {},
  setbacks: { crashes: 0, losses: 0, returns: 0 },
  keep: false,
};

/** The first `count` events of a watch, which is broken off then. */
async function take(events: AsyncIterable<WatchEvent>, count: number, onEvent: (event: WatchEvent) => unknown): Promise<WatchEvent[]> {
  const taken: WatchEvent[] = [];
  for await (const event of events) {
    onEvent(event);
    if (taken.push(event) === count) break;
  }
  return taken;
}
