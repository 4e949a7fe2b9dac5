/** The S3 store against an S3 server: what every store must do, and what only this one meets. */
import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { s3LocationOf, type S3Location } from '../../coordinator/store/s3/location.ts';
import { openS3Store, s3StoreIdAt } from '../../coordinator/store/s3/s3-store.ts';
import type { Store } from '../../coordinator/store/store.ts';
import { systemClock, type Clock } from '../../shared/runtime/clock.ts';
import { allOf } from '../support/mock-evaluation.ts';
import { TestS3 } from '../support/s3-server.ts';
import { winners } from '../support/store-conformance-results.ts';
import { storeConformance } from '../support/store-conformance.ts';
import { chunksOf, codeOf, frameOf, manifestOf, winnersOf } from '../support/store-fixtures.ts';
import type { Collection } from '../../shared/client/types.ts';
import { digestOf } from '../../shared/domain/ids.ts';

let s3: TestS3;
let homes = 0;
const newHome = (): { prefix: string; location: S3Location } => {
  const prefix = `home-${homes++}`;
  return { prefix, location: s3LocationOf(s3.url(prefix), 'store', [])! };
};
beforeAll(async () => {
  s3 = await TestS3.start();
  // So that what is read is read over several pages.
  s3.pageKeys = 25;
});
afterEach(() => {
  s3.fault = () => undefined;
});
afterAll(() => s3.stop());

storeConformance('the S3 store', async () => {
  const { location } = newHome();
  return {
    open: (coordinatorId) => openS3Store({ location, coordinatorId, clock: systemClock }),
    remove: async () => undefined,
  };
});

describe('an S3 store', () => {
  const manifest = manifestOf('s3', 200);
  const id = manifest.evaluationId;
  const opened: Store[] = [];
  const open = async (location: S3Location, coordinatorId: string, clock: Clock = systemClock): Promise<Store> => {
    const store = await openS3Store({ location, coordinatorId, clock });
    opened.push(store);
    return store;
  };
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((store) => store.close()));
  });

  test('is not made by looking at it, and needs a server that keeps conditions', async () => {
    const { location } = newHome();
    expect(await s3StoreIdAt(location)).toBeUndefined();
    s3.fault = ({ method }) => (method === 'PUT' ? 'overwrite' : undefined);
    expect(await codeOf(openS3Store({ location, coordinatorId: 'co_a', clock: systemClock }))).toBe('invalid');
    s3.fault = () => undefined;
    expect(await s3StoreIdAt(location)).toBeUndefined();
    const store = await open(location, 'co_a');
    expect(await s3StoreIdAt(location)).toBe(store.storeId);
  });

  test('says what is wrong with bucket, key and server, and where', async () => {
    const { location } = newHome();
    const failure = (changed: Partial<S3Location>): Promise<string> =>
      openS3Store({ location: { ...location, ...changed }, coordinatorId: 'co_a', clock: systemClock }).then(
        () => 'none',
        (error: Error) => error.message,
      );
    expect(await failure({ bucket: 'not-there' })).toMatch(/s3:\/\/not-there\/.*there is no such bucket: make it/);
    expect(await failure({ endpoint: 'http://127.0.0.1:1' })).toMatch(/s3:\/\/assay-test\/.*ECONNREFUSED/);
  });

  test('what a namespace holds is one listing, once each size was asked for; and what notes it goes with the claim', async () => {
    const { location, prefix } = newHome();
    const first = await open(location, 'co_a');
    const texts = Array.from({ length: 30 }, (_, i) => `dataset ${i}`);
    for (const text of texts) {
      await first.putContent(digestOf(text), chunksOf(text), 100);
      await first.claims.put('team-a', digestOf(text));
    }
    const bytes = texts.join('').length;
    /** By a coordinator that knows nothing yet: the sum, and what it has asked of the server. */
    const look = async (name: string): Promise<{ bytes: number; heads: number; lists: number }> => {
      const store = await open(location, name);
      s3.requests.length = 0;
      const held = await allOf(store.claims.of('team-a'));
      expect(new Set(held.map(({ digest }) => digest))).toEqual(new Set(texts.map(digestOf)));
      const heads = s3.requests.filter(({ method }) => method === 'HEAD').length;
      const lists = s3.requests.filter(({ method }) => method === 'GET').length;
      return { bytes: held.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0), heads, lists };
    };
    expect(await look('co_b')).toEqual({ bytes, heads: 30, lists: 2 });
    expect(await look('co_c')).toEqual({ bytes, heads: 0, lists: 3 });
    const late: Clock = { ...systemClock, now: () => Date.now() + 3_600_000 };
    const collecting = await open(location, 'co_d', late);
    await collecting.collect({
      ...{ graceMs: 0, dryRun: false, signal: new AbortController().signal },
      ...{ isAlive: () => false, onProgress: () => undefined },
    });
    expect(await allOf(first.claims.of('team-a'))).toEqual([]);
    expect(s3.requests.filter(({ method, path }) => method === 'DELETE' && path.includes(`${prefix}/claims/`))).toHaveLength(60);
  });

  test('requests that fail are made again', async () => {
    const { location } = newHome();
    const store = await open(location, 'co_a');
    let count = 0;
    s3.fault = () => (count++ % 3 === 0 ? 'refuse' : undefined);
    await store.stage(manifest);
    await store.markAccepted(id);
    await store.putContent(digestOf('content'), chunksOf('content'), 100);
    await store.appendResults(id, [frameOf(1, { 1: 'one' })]);
    expect(await winners(store, id)).toEqual([[1, 'one']]);
    expect((await store.readContent(digestOf('content'))).toString()).toBe('content');
    expect(count).toBeGreaterThan(20);
  });

  test('a write whose answer is lost is made once, and is its writer’s', async () => {
    const { location } = newHome();
    const [a, b] = [await open(location, 'co_a'), await open(location, 'co_b')];
    const once = (start: string): void => {
      let lost = false;
      s3.fault = ({ method, path }) => {
        if (lost || method !== 'PUT' || !path.includes(start)) return undefined;
        lost = true;
        return 'lose the answer';
      };
    };
    for (const start of ['/log/', 'manifest.json', '/unfinished/']) {
      once(start);
      await a.stage(manifest);
    }
    once('/log/');
    await a.markAccepted(id);
    once('/segments/');
    await a.appendResults(id, [frameOf(1, { 1: 'one' })]);
    once('/generations/');
    expect(await a.claimGeneration(id, 2)).toBe(true);
    expect(await b.claimGeneration(id, 2)).toBe(false);
    expect(await b.isAccepted(id)).toBe(true);
    expect(await winners(b, id)).toEqual([[1, 'one']]);
  });

  test('what is written for an evaluation that was removed and submitted anew meanwhile is refused, not lost', async () => {
    const { location } = newHome();
    const [a, b] = [await open(location, 'co_a'), await open(location, 'co_b')];
    await a.stage(manifest);
    await b.appendResults(id, [frameOf(1, { 1: 'old' })]);
    await a.dropStaged(id);
    await a.stage(manifest);
    expect(await codeOf(b.appendResults(id, [frameOf(1, { 2: 'of the new one' })]))).toBe('unavailable');
    await b.appendResults(id, [frameOf(1, { 2: 'of the new one' })]);
    expect(await winners(a, id)).toEqual([[2, 'of the new one']]);
  });

  test('many small objects become one; the small ones go when nobody can be reading them', async () => {
    const { prefix, location } = newHome();
    const speed = 100;
    let later = 0;
    const fast: Clock = {
      ...systemClock,
      now: () => Date.now() + later,
      monotonic: () => performance.now() * speed,
      sleep: (ms, signal) => systemClock.sleep(ms / speed, signal),
    };
    const [a, b] = [await open(location, 'co_a', fast), await open(location, 'co_b', fast)];
    await a.stage(manifest);
    const append = (unit: number): Promise<void> => a.appendResults(id, [frameOf(1, { [unit]: `#${unit}` }, 'att')]);
    for (let unit = 0; unit < 10; unit++) await append(unit);
    const early = await b.openResults(id);
    for (let unit = 10; unit < 70; unit++) await append(unit);
    await b.appendResults(id, [frameOf(2, { 100: 'other' })]);
    const all = [...Array.from({ length: 70 }, (_, unit) => [unit, `#${unit}`]), [100, 'other']];
    const segments = async (): Promise<string[]> => (await s3.keys(prefix)).filter((key) => key.includes('/segments/'));
    expect(await winners(b, id)).toEqual(all);
    expect(await segments()).toHaveLength(72);
    later = 3_600_000;
    expect(await winners(b, id)).toEqual(all);
    expect(await segments()).toHaveLength(8);
    expect(await winners(a, id)).toEqual(all);
    // Whoever listed them an hour ago is told, not given less.
    expect(await codeOf(winnersOf(early))).toBe('not_found');
  });

  test('a merge whose answer is lost, a large batch among small ones, and a write that nobody knows of hide nothing', async () => {
    const { prefix, location } = newHome();
    const fast: Clock = { ...systemClock, monotonic: () => performance.now() * 100, sleep: (ms) => systemClock.sleep(ms / 100) };
    const later: Clock = { ...systemClock, now: () => Date.now() + 3_600_000 };
    const [a, b] = [await open(location, 'co_a', fast), await open(location, 'co_b', later)];
    await a.stage(manifest);
    s3.fault = ({ method, path }) => (method === 'PUT' && path.includes('.to-') ? 'lose the answer' : undefined);
    const large = randomBytes(9 * 1024 * 1024);
    const append = (unit: number): Promise<void> => {
      const content = unit === 70 ? large : Buffer.from(`#${unit}`);
      return a.appendResults(id, [{ taskId: 't', attemptId: `a${unit}`, agentId: 'g', grant: 1, results: [{ unit, content }] }]);
    };
    for (let unit = 0; unit < 160; unit++) {
      await append(unit);
      if (unit === 100) s3.fault = () => undefined;
    }
    // One that is written, though its writer never hears of it: a recovery may have counted what is in it.
    let torn = '';
    s3.fault = ({ method, path }) => {
      if (torn === '' && method === 'PUT' && path.includes('/segments/')) {
        torn = path;
        return 'lose the answer';
      }
      return path === torn ? 'refuse' : undefined;
    };
    expect(await codeOf(append(160))).toBe('unavailable');
    s3.fault = () => undefined;
    for (let unit = 161; unit < 200; unit++) await append(unit);
    await a.closeSegment(id);
    expect((await s3.keys(prefix)).filter((key) => key.includes('.to-'))).toHaveLength(2);
    for (const _ of [1, 2]) {
      const found = await winners(b, id);
      expect(found.map(([unit]) => unit)).toEqual(Array.from({ length: 200 }, (_unused, unit) => unit));
    }
  });

  test('what is left of a removed one goes after the grace, its log last; what was asked for stays', async () => {
    const { location, prefix } = newHome();
    let now = Date.now();
    const clock: Clock = { ...systemClock, now: () => now };
    const [a, b] = [await open(location, 'co_a', clock), await open(location, 'co_b', clock)];
    const collect = (): Promise<Collection> =>
      b.collect({
        graceMs: 3_600_000,
        dryRun: false,
        signal: new AbortController().signal,
        isAlive: () => true,
        onProgress: () => undefined,
      });
    const [asked, stray] = [digestOf('asked for'), digestOf('a stray')];
    await a.putContent(asked, chunksOf('asked for'), 100);
    await a.putContent(stray, chunksOf('a stray'), 100);
    await a.stage(manifest);
    await a.markAccepted(id);
    await a.appendResults(id, [frameOf(1, { 1: 'one' })]);
    await a.putReport(id, Buffer.from('{}'));
    await a.markFinished(id, digestOf('{}'));
    s3.fault = ({ method, path }) => (method === 'DELETE' && path.includes('manifest.json') ? 'refuse' : undefined);
    await b.remove(id).catch(() => undefined);
    s3.fault = () => undefined;
    expect(await a.manifest(id)).toBeUndefined();
    expect((await collect()).collected).toEqual([]);
    expect((await s3.keys(prefix)).filter((key) => key.includes('/log/'))).toHaveLength(5);
    now += 2 * 3_600_000;
    // By the server's clock it is asked for now, two hours before the collection's: only the marker's own age tells them apart.
    expect(await a.hasContent(asked)).toBe(true);
    expect((await s3.keys(prefix)).filter((key) => key.startsWith('touched/'))).toHaveLength(1);
    now -= 2 * 3_600_000 - 1000;
    expect((await collect()).collected).toEqual([]);
    now += 2 * 3_600_000;
    const { collected } = await collect();
    expect(collected.map(({ kind }) => kind).toSorted()).toEqual(['content', 'removed', 'temporary']);
    expect(await s3.keys(prefix)).toEqual(['store.json']);
    await b.stage(manifest);
    expect((await a.manifest(id))?.units).toBe(manifest.units);
  });

  test('what a submit under way has written is not collected, however small the grace', async () => {
    const { location, prefix } = newHome();
    let laterMs = 60_000;
    const [a, b] = [await open(location, 'co_a'), await open(location, 'co_b', { ...systemClock, now: () => Date.now() + laterMs })];
    const collect = (): Promise<Collection> =>
      b.collect({ graceMs: 0, dryRun: false, signal: new AbortController().signal, isAlive: () => true, onProgress: () => undefined });
    const isOfLog = ({ method, path }: { method: string; path: string }): boolean => method === 'PUT' && path.includes('/log/');
    // Everything of it is there but the entry that says so.
    s3.fault = (request) => (isOfLog(request) ? 'refuse' : undefined);
    expect(await codeOf(a.stage(manifest))).toBe('unavailable');
    const written = await s3.keys(prefix);
    await collect();
    expect(await s3.keys(prefix)).toEqual(written);
    expect(written.filter((key) => key.includes(id))).toHaveLength(3);
    // Whoever wrote that has given up.
    laterMs = 11 * 60_000;
    await collect();
    expect((await s3.keys(prefix)).filter((key) => key.includes(id))).toEqual([]);
  });

  test('what a coordinator that died could not tidy up is tidied up by the next one', async () => {
    const { prefix, location } = newHome();
    const store = await open(location, 'co_a');
    await store.stage(manifest);
    await store.appendResults(id, [frameOf(1, { 1: 'one' })]);
    s3.fault = ({ method }) => (method === 'DELETE' ? 'refuse' : undefined);
    expect(await codeOf(store.dropStaged(id))).toBe('unavailable');
    expect(await store.unfinished()).toEqual([id]);
    s3.fault = () => undefined;
    const other = await open(location, 'co_b');
    expect(await other.manifest(id)).toBeUndefined();
    expect(await other.unfinished()).toEqual([]);
    expect((await s3.keys(prefix)).filter((key) => key !== 'store.json' && !key.includes('/log/'))).toEqual([]);
  });

  test('a damaged object is an error, never a smaller result', async () => {
    const { prefix, location } = newHome();
    const store = await open(location, 'co_a');
    await store.stage(manifest);
    await store.appendResults(id, [frameOf(1, { 1: 'one', 2: 'two' })]);
    const [key] = (await s3.keys(prefix)).filter((k) => k.includes('/segments/'));
    await s3.damage(prefix, key!);
    expect(await codeOf(winners(store, id))).toBe('internal');
  });
});
