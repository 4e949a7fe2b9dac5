/** What a coordinator remembers of evaluations, when notices of others are lost. */
import { expect, test } from 'vitest';
import { Catalog } from '../../../../coordinator/evaluations/catalog.ts';
import type { Ledger } from '../../../../coordinator/ledger/ledger.ts';
import type { Store } from '../../../../coordinator/store/store.ts';
import { manifestOf } from '../../../support/store-fixtures.ts';

test('removed and submitted anew elsewhere, without a notice: the next sweep knows the new one', async () => {
  let manifest = manifestOf('again', 10);
  const { evaluationId } = manifest;
  let unfinished = [evaluationId];
  const store = { unfinished: async () => unfinished, manifest: async () => manifest, controls: async () => [] } as unknown as Store;
  const looks = async (ids: readonly string[]): Promise<unknown[]> =>
    ids.map(() => ({ state: 'running', command: '', updates: 0, requeues: 0 }));
  const catalog = new Catalog(store, { looks } as unknown as Ledger, () => undefined);
  const unitsSeen = async (): Promise<number[]> => (await catalog.refresh()).map((seen) => seen.manifest.units);
  expect(await unitsSeen()).toEqual([10]);
  unfinished = [];
  expect(await unitsSeen()).toEqual([]);
  expect((await catalog.find(evaluationId))!.manifest.units).toBe(10);
  manifest = manifestOf('again', 7);
  unfinished = [evaluationId];
  expect(await unitsSeen()).toEqual([7]);
  expect((await catalog.find(evaluationId))!.manifest.units).toBe(7);
});
