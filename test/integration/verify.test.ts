/** `assay verify` and `assay recover`: books that balance, and whatever is altered is named; ledgers that are made anew. */
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { redisOptions } from '../../coordinator/redis/options.ts';
import { openDirectoryStore } from '../../coordinator/store/directory-store.ts';
import type { Store } from '../../coordinator/store/store.ts';
import type { Report } from '../../shared/client/types.ts';
import { systemClock } from '../../shared/runtime/clock.ts';
import { flipBit, rewriteResults } from '../support/altered-store.ts';
import { cliHome } from '../support/cli.ts';
import { Commanded } from '../support/commanded.ts';
import { watchAll } from '../support/mock-evaluation.ts';

const SAMPLES = 20;
const BAD = [3, 4, 11];

/** One fleet for all: every test leaves it as it found it. */
let c: Commanded;
let redis: Redis;
let store: Store;
beforeAll(async () => {
  c = await Commanded.start();
  await c.agent('one', [c.coordinator.address], SAMPLES);
  redis = new Redis(redisOptions(c.fleet.redis.url));
  store = await openDirectoryStore({
    path: c.fleet.store,
    coordinatorId: 'co_test',
    clock: systemClock,
    logger: { warn: () => undefined },
  });
});
afterAll(async () => {
  await store.close();
  redis.disconnect();
  await c.stop();
});
afterEach(() => c.reset());

const key = (id: string, name: string): string => `assay:{${id}}:${name}`;
const places = (books: { differences: { place: string }[] }): string[] => books.differences.map(({ place }) => place);

async function finished(): Promise<string> {
  const id = await c.submit(SAMPLES);
  await watchAll(c.client, id);
  await c.until(id, 'its end in the store', (e) => e.finishedAtMs > 0);
  return id;
}

/** Half of it counted, the others held back by the endpoint. */
async function halfway(): Promise<string> {
  c.held = (sample) => sample >= SAMPLES / 2;
  const id = await c.submit(SAMPLES);
  await c.until(id, 'half of it', (e) => e.counts.scored === SAMPLES / 2);
  return id;
}

describe('books that balance', () => {
  test('of a finished evaluation with requeued samples', async () => {
    c.refused = (sample) => BAD.includes(sample);
    const id = await c.submit(SAMPLES);
    await watchAll(c.client, id);
    c.refused = () => false;
    await c.client.requeue(id);
    await c.until(id, 'its second end', (e) => e.state === 'succeeded' && e.finishedAtMs > 0);
    const books = await c.client.verify(id);
    expect(books).toMatchObject({
      balanced: true,
      differences: [],
      notCompared: [],
      state: 'succeeded',
      counts: { total: SAMPLES, scored: SAMPLES, errored: 0 },
      requeues: 1,
      requeuedUnits: BAD.length,
      // The recovery after the requeue, and the ledger that it made anew.
      generations: 3,
      frames: {
        results: SAMPLES + BAD.length,
        setAside: BAD.length,
        refused: 0,
        uncounted: 0,
        unitsWithSeveral: 0,
        repeatedCalls: BAD.length,
      },
    });
    expect(books.groups.map((g) => g.counts)).toEqual([books.counts]);
    expect(Object.values(books.agents)).toEqual([SAMPLES]);
    // Without Redis there is less to compare, and the rest is the same.
    await c.flush();
    const again = await c.client.verify(id);
    expect(again.notCompared).toEqual([expect.stringContaining('Redis holds none of it')]);
    expect({ ...again, notCompared: [] }).toEqual(books);
  });

  test('of a running, a paused and a cancelled one', async () => {
    const id = await halfway();
    const counts = { total: SAMPLES, scored: SAMPLES / 2, errored: 0, cancelled: 0 };
    expect(await c.client.verify(id)).toMatchObject({
      balanced: true,
      state: 'running',
      counts,
      notCompared: [expect.stringContaining('the report')],
    });
    await c.client.pause({ evaluationId: id });
    expect(await c.client.verify(id)).toMatchObject({ balanced: true, state: 'paused', counts });
    await c.client.cancel(id);
    await c.until(id, 'its end', (e) => e.state === 'cancelled' && e.finishedAtMs > 0);
    const books = await c.client.verify(id);
    expect(books).toMatchObject({ balanced: true, counts: { ...counts, cancelled: SAMPLES / 2 }, notCompared: [] });
  });
});

describe('what is altered is named', () => {
  test('a report with another metric', async () => {
    const id = await finished();
    const report = JSON.parse((await store.report(id))!.toString('utf8')) as Report;
    const [row] = report.results;
    const altered = { ...report, results: [{ ...row, metrics: { ...row!.metrics, accuracy: 0.5 } }] };
    await store.putReport(id, Buffer.from(JSON.stringify(altered)), await store.unitCodes(id));
    const books = await c.client.verify(id);
    expect(books.differences).toEqual([{ place: 'report.results[0].metrics.accuracy', expected: '1', found: '0.5' }]);
    expect(books.balanced).toBe(false);

    const cli = await cliHome();
    try {
      const at = ['--address', c.coordinator.address];
      const shown = await cli.inside(['verify', id, ...at]);
      expect(shown).toMatchObject({
        code: 5,
        stdout: expect.stringContaining('report.results[0].metrics.accuracy'),
      });
      const json = await cli.inside(['verify', id, '--json', ...at]);
      expect(JSON.parse(json.stdout)).toEqual(books);
      await store.putReport(id, Buffer.from(JSON.stringify(report)), await store.unitCodes(id));
      expect(await cli.inside(['verify', id, ...at])).toMatchObject({ code: 0, stdout: expect.stringContaining('the books balance') });
    } finally {
      await cli.dispose();
    }
  });

  test('a result that says otherwise, one that is gone, and a bit that is flipped', async () => {
    const id = await finished();
    const restore = await flipBit(c.fleet.store, id);
    expect((await c.client.verify(id)).differences).toContainEqual({
      place: 'store',
      expected: 'segments that are whole',
      found: expect.stringMatching(/segments\/.*damaged at offset/),
    });
    await restore();
    expect((await c.client.verify(id)).differences).toEqual([]);

    await rewriteResults(c.fleet.store, id, ({ unit, content }) => {
      if (unit === 7) return undefined;
      return { unit, content: unit === 5 ? content.replace('"number":1', '"number":0') : content };
    });
    const books = await c.client.verify(id);
    expect(books.differences).toContainEqual({
      place: 'units[7]',
      expected: 'a result, since it is scored in the report',
      found: 'no result in the store',
    });
    expect(places(books)).toContain('report.results[0].metrics.accuracy');
    expect(books.counts.scored).toBe(SAMPLES);
  });

  test('counts and states in Redis', async () => {
    const id = await halfway();
    await redis.hincrby(key(id, 'meta'), 'scored', 1);
    expect((await c.client.verify(id)).differences).toEqual([
      { place: 'ledger.counts.scored', expected: String(SAMPLES / 2), found: String(SAMPLES / 2 + 1) },
    ]);
    await redis.hincrby(key(id, 'meta'), 'scored', -1);
    // A unit that is held back, as if it had been scored.
    await redis.setrange(key(id, 'units'), SAMPLES / 2 - 1, Buffer.from([0x22]));
    expect((await c.client.verify(id)).differences).toContainEqual({
      place: `units[${SAMPLES - 1}]`,
      expected: 'a result, since it is scored in the ledger',
      found: 'no result in the store',
    });
    await c.client.recover(id);
    expect(await c.client.verify(id)).toMatchObject({ balanced: true, counts: { scored: SAMPLES / 2 } });
  });

  test('a ledger that cannot be read, and what helps', async () => {
    const id = await finished();
    await redis.set(key(id, 'sums'), 'nothing');
    expect(await c.client.verify(id)).toMatchObject({
      balanced: false,
      differences: [{ place: 'ledger', found: `keys of another kind; \`assay recover ${id}\` makes it anew` }],
      notCompared: ['the ledger: it cannot be read'],
    });
    await c.client.recover(id);
    expect(await c.client.verify(id)).toMatchObject({ balanced: true, counts: { scored: SAMPLES } });
  });

  test('live sums, and the count of what is open', async () => {
    const id = await halfway();
    const half = SAMPLES / 2;
    // What adding in another order leaves is no difference.
    await redis.hincrbyfloat(key(id, 'sums'), '0:s0:sum', 1e-12);
    expect((await c.client.verify(id)).differences).toEqual([]);
    await redis.hincrbyfloat(key(id, 'sums'), '0:s0:sum', -1e-12);
    for (const field of ['0:s0:sum', '0:s0:sq'] as const) await redis.hincrbyfloat(key(id, 'sums'), field, -3);
    for (const field of ['0:s0:n', '0:retries'] as const) await redis.hincrby(key(id, 'sums'), field, 1);
    await redis.hincrby(key(id, 'meta'), 'open', 5);
    const { balanced, differences } = await c.client.verify(id);
    expect(balanced).toBe(false);
    const found = differences.map(({ place, expected, found: value }) => [
      place.replace(/^ledger\.groups\[0\] \(.*\)/, ''),
      expected,
      value,
    ]);
    expect(found).toEqual([
      ['ledger.open', String(half), String(half + 5)],
      ['.retries', '0', '1'],
      ['.match.n', String(half), String(half + 1)],
      ['.match.sum', String(half), String(half - 3)],
      ['.match.sumOfSquares', String(half), String(half - 3)],
    ]);
    await c.client.recover(id);
    expect((await c.client.verify(id)).differences).toEqual([]);
  });

  test.each(['running', 'final'] as const)('a refusal of what counts, of a %s evaluation', async (state) => {
    const id = await (state === 'final' ? finished() : halfway());
    const index = await store.openResults(id);
    const attempts: string[] = [];
    for await (const { unit, attemptId } of index.results()) if (unit === 2) attempts.push(attemptId);
    await index.close();
    await store.appendVoids(id, [{ attemptId: attempts[0]!, units: [2], generation: await store.generation(id) }]);
    expect(await c.client.verify(id)).toMatchObject({
      balanced: false,
      frames: { refused: 1, countedThoughRefused: 1 },
      differences: [{ place: 'units[2]', expected: 'a result that was not refused' }],
    });
  });
});

describe('a ledger is made anew', () => {
  test.each(['running', 'paused'] as const)('of a %s evaluation, after its keys were damaged', async (state) => {
    const id = await halfway();
    if (state === 'paused') await c.client.pause({ evaluationId: id });
    await redis.del(key(id, 'tasks'));
    await redis.setrange(key(id, 'units'), 0, Buffer.from([0x66, 0x00]));
    expect((await c.client.verify(id)).balanced).toBe(false);
    const recovered = await c.client.recover(id, 'the test did it');
    expect(recovered).toMatchObject({ evaluationId: id, state, after: { total: SAMPLES, scored: SAMPLES / 2, dead: 0 } });
    expect(recovered.generation).toBeGreaterThan(1);
    expect(await c.client.verify(id)).toMatchObject({ balanced: true, state, counts: { scored: SAMPLES / 2 } });
    c.held = () => false;
    if (state === 'paused') await c.client.resume({ evaluationId: id });
    const done = await c.until(id, 'its end', (e) => e.state === 'succeeded' && e.finishedAtMs > 0);
    expect(done.counts.scored).toBe(SAMPLES);
    expect(await c.client.verify(id)).toMatchObject({ balanced: true });
    // What was counted before is not called again.
    for (let sample = 0; sample < SAMPLES / 2; sample++) expect(c.callsOf().get(sample), `calls of sample ${sample}`).toBe(1);
  });

  test('of one whose keys are of another kind', async () => {
    const id = await halfway();
    await redis.set(key(id, 'tasks'), 'nothing');
    expect(await c.client.recover(id)).toMatchObject({ state: 'running', after: { scored: SAMPLES / 2 } });
    c.held = () => false;
    await c.until(id, 'its end', (e) => e.state === 'succeeded');
  });

  test('finished and cancelled ones stay so', async () => {
    const id = await finished();
    await redis.hset(key(id, 'meta'), 'scored', 3);
    expect((await c.client.verify(id)).differences).toEqual([{ place: 'ledger.counts.scored', expected: String(SAMPLES), found: '3' }]);
    expect(await c.client.recover(id)).toMatchObject({
      state: 'succeeded',
      before: { scored: 3 },
      after: { scored: SAMPLES },
      generation: 0,
    });
    expect(await c.client.get(id)).toMatchObject({ state: 'succeeded', counts: { scored: SAMPLES } });
    expect(await c.client.verify(id)).toMatchObject({ balanced: true });

    const cancelled = await halfway();
    await c.client.cancel(cancelled);
    await c.until(cancelled, 'its end', (e) => e.state === 'cancelled' && e.finishedAtMs > 0);
    expect(await c.client.recover(cancelled)).toMatchObject({ state: 'cancelled', after: { cancelled: SAMPLES / 2 } });
    expect(await c.client.verify(cancelled)).toMatchObject({ balanced: true, state: 'cancelled' });
  });

  test('none of one that is not there', async () => {
    await expect(c.client.recover(`ev_${'a'.repeat(26)}`)).rejects.toMatchObject({ code: 'not_found' });
    await expect(c.client.verify(`ev_${'a'.repeat(26)}`)).rejects.toMatchObject({ code: 'not_found' });
  });
});
