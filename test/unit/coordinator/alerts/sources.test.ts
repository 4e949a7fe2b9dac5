/** What alerts read of evaluations: the journal of one with dead letters is read when it may have changed, not at every look. */
import { expect, test } from 'vitest';
import { alertSources, type SourcesParts } from '../../../../coordinator/alerts/sources.ts';
import type { ControlRecord } from '../../../../coordinator/store/store.ts';
import { evaluation } from '../../../support/rpc.ts';
import { emptyCounts } from '../../../../shared/domain/states.ts';

const died = (...units: number[]): ControlRecord => ({
  ...{ kind: 'dead', atMs: 1, reason: 'crashed' },
  units: units.map((unit) => [unit, unit + 1]),
  letters: units.map((unit) => ({ sequence: unit, units: [[unit, unit + 1]] })) as never,
});

function watching() {
  const found = { dead: 0, reads: 0, journal: [] as ControlRecord[] };
  const one = evaluation({ state: 'succeeded' });
  const sources = alertSources({
    directory: { nowMs: async () => 0, read: async () => ({}) as never },
    operator: { allRoutes: async () => [] },
    index: {
      async *ended() {
        yield [one];
      },
      get: () => ({ ...one, counts: { ...emptyCounts(10), dead: found.dead } }),
    },
    catalog: { active: () => [] },
    ledger: { snapshot: async () => undefined },
    store: {
      controls: async () => {
        found.reads++;
        return found.journal;
      },
    },
  } as unknown as SourcesParts);
  const letters = async (): Promise<number> => (await sources.evaluations(0, []))[0]!.deadLetters;
  return { found, letters };
}

test('nothing is read where nothing has died, and once for each count of the dead', async () => {
  const { found, letters } = watching();
  expect([await letters(), found.reads]).toEqual([0, 0]);
  [found.dead, found.journal] = [2, [died(3, 4)]];
  for (let look = 0; look < 5; look++) expect([await letters(), found.reads]).toEqual([2, 1]);
  [found.dead, found.journal] = [3, [died(3, 4), died(7)]];
  expect([await letters(), await letters(), found.reads]).toEqual([3, 3, 2]);
  // Run again, and forgotten.
  found.dead = 0;
  expect([await letters(), found.reads]).toEqual([0, 2]);
  found.dead = 3;
  expect([await letters(), found.reads]).toEqual([3, 3]);
});

test('a journal that does not say what the ledger says is read again', async () => {
  const { found, letters } = watching();
  found.dead = 2;
  expect([await letters(), await letters(), found.reads]).toEqual([0, 0, 2]);
  found.journal = [died(3, 4)];
  expect([await letters(), await letters(), found.reads]).toEqual([2, 2, 3]);
});

test('letters that were dropped are seen within a dozen looks', async () => {
  const { found, letters } = watching();
  [found.dead, found.journal] = [2, [died(3, 4)]];
  expect(await letters()).toBe(2);
  found.journal.push({ kind: 'drop', atMs: 2, reason: '', tasks: [3, 4] });
  let looks = 0;
  while ((await letters()) > 0 && looks < 20) looks++;
  expect(looks).toBeLessThan(12);
  expect(found.reads).toBe(2);
});
