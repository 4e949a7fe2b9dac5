/** The store of the previous release, as its coordinator wrote it (test/fixtures/previous-store), opened by a coordinator of now. */
import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { evaluationIdOf } from '../../shared/domain/ids.ts';
import { checkBooks } from '../support/books.ts';
import { Commanded } from '../support/commanded.ts';
import { allOf, mockSpec, sums, watchAll } from '../support/mock-evaluation.ts';

const STORE = join(import.meta.dirname, '../fixtures/previous-store/assay-store-0.1.0.tar.gz');
const SAMPLES = 12;
const BAD = [3, 7];
const idOf = (name: string): string => evaluationIdOf('default', name);

let c: Commanded;
beforeEach(async () => {
  c = await Commanded.start({
    prepare: async ({ store }) => {
      await mkdir(store, { recursive: true });
      await promisify(execFile)('tar', ['-xzf', STORE, '-C', store]);
    },
  });
});
afterEach(() => c.stop());

const specOf = (digest: string, name: string): Record<string, unknown> =>
  mockSpec(digest, { name, models: [{ model: 'openai/one' }], max_task_samples: 3 });

test('what had finished is listed, shown, reported and read', async () => {
  const { items } = await c.client.list({ states: ['succeeded', 'cancelled'] });
  expect(items.map((e) => [e.name, e.state, e.counts])).toEqual([
    ['cancelled', 'cancelled', { total: SAMPLES, scored: 6, unscored: 0, errored: 0, cancelled: 6, dead: 0 }],
    ['finished', 'succeeded', { total: SAMPLES, scored: 10, unscored: 0, errored: 2, cancelled: 0, dead: 0 }],
  ]);
  const id = idOf('finished');
  expect(await c.client.get(id)).toMatchObject({ state: 'succeeded', counts: { scored: 10, errored: 2 }, spec: { name: 'finished' } });
  expect((await checkBooks(c.client, id)).units).toMatchObject({ total: SAMPLES, scored: 10, errored: 2 });
  const results = await allOf(c.client.results(id));
  expect(results.map((r) => [r.unit, r.state])).toEqual(
    Array.from({ length: SAMPLES }, (_, i) => [i, BAD.includes(i) ? 'errored' : 'scored']),
  );
  expect(await c.client.sample(id, { unit: 3 })).toMatchObject({ result: { unit: 3, errorClass: 'request' } });
  expect((await c.client.samples(idOf('cancelled'), { states: ['cancelled'] })).items.map((s) => s.unit)).toEqual([6, 7, 8, 9, 10, 11]);
  expect((await watchAll(c.client, id)).at(-1)).toMatchObject({ kind: 'state', state: 'succeeded' });
  const digest = await c.client.uploadBytes(sums(SAMPLES));
  expect(await c.client.submit({ spec: specOf(digest, 'finished'), idempotencyKey: 'finished' })).toMatchObject({ existed: true });
});

test('what had not finished goes on; what had is requeued, updated and deleted', async () => {
  await c.agent();
  await c.until(idOf('unfinished'), 'its end', (e) => e.state === 'succeeded');
  expect((await checkBooks(c.client, idOf('unfinished'))).units).toMatchObject({ total: SAMPLES, scored: SAMPLES });
  expect(c.callsOf().size).toBe(6);
  expect(await c.client.requeue(idOf('finished'))).toMatchObject({ requeued: 2 });
  await c.until(idOf('finished'), 'its second end', (e) => e.state === 'succeeded' && e.counts.scored === SAMPLES);
  expect((await checkBooks(c.client, idOf('finished'))).units).toMatchObject({ total: SAMPLES, scored: SAMPLES });
  expect(await c.client.requeue(idOf('cancelled'), { states: ['cancelled'] })).toMatchObject({ requeued: 6 });
  await c.until(idOf('cancelled'), 'its second end', (e) => e.state === 'succeeded' && e.counts.scored === SAMPLES);
  await c.client.update(idOf('finished'), { tags: ['old'] });
  expect((await c.client.list({ tags: ['old'] })).items.map((e) => e.name)).toEqual(['finished']);
  expect(await c.client.delete({ evaluationId: idOf('finished') })).toMatchObject([{ changed: true }]);
  await expect(c.client.get(idOf('finished'))).rejects.toMatchObject({ code: 'not_found' });
});
