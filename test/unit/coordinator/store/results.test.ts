/** Winners by a model of the rule, and how many syncs a burst costs. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDirectoryStore } from '../../../../coordinator/store/directory-store.ts';
import { createAppendFile, type CreateAppendFile } from '../../../../coordinator/store/segment-writer.ts';
import type { Store } from '../../../../coordinator/store/store.ts';
import { systemClock } from '../../../../shared/runtime/clock.ts';
import { frameOf, manifestOf, winnersOf } from '../../../support/store-fixtures.ts';

let path: string;
let stores: Store[];
let syncs: number;

const countingFiles: CreateAppendFile = async (file) => {
  const real = await createAppendFile(file);
  return {
    ...real,
    datasync: () => {
      syncs++;
      return real.datasync();
    },
  };
};

beforeEach(async () => {
  path = await mkdtemp(join(tmpdir(), 'store-results-'));
  syncs = 0;
  const open = (coordinatorId: string): Promise<Store> =>
    openDirectoryStore({ path, coordinatorId, clock: systemClock, logger: { warn: () => undefined }, createFile: countingFiles });
  stores = await Promise.all([open('co_a'), open('co_b')]);
});
afterEach(async () => {
  await Promise.all(stores.map((store) => store.close()));
  await rm(path, { recursive: true });
});

test('winners are those of the rule, for any history of frames, voids and closed segments', async () => {
  const UNITS = 6;
  const step = fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({
        kind: fc.constant('frame' as const),
        grant: fc.nat(4),
        units: fc.uniqueArray(fc.nat(UNITS - 1), { minLength: 1 }),
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('void' as const), grant: fc.nat(4), units: fc.uniqueArray(fc.nat(UNITS - 1)) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('close' as const) }) },
  );
  let run = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 15 }), async (steps) => {
      const manifest = manifestOf(`run ${run++}`, UNITS);
      const id = manifest.evaluationId;
      const [store, other] = stores as [Store, Store];
      await store.stage(manifest);
      const frames: { grant: number; unit: number; text: string }[] = [];
      const voided = new Set<string>();
      for (const [i, s] of steps.entries()) {
        if (s.kind === 'close') await store.closeSegment(id);
        if (s.kind === 'frame') {
          await store.appendResults(id, [
            frameOf(s.grant, Object.fromEntries(s.units.map((unit) => [unit, `${i}`])), `attempt ${s.grant}`),
          ]);
          frames.push(...s.units.map((unit) => ({ grant: s.grant, unit, text: `${i}` })));
        }
        if (s.kind === 'void') {
          await (i % 2 ? store : other).appendVoids(id, [{ attemptId: `attempt ${s.grant}`, units: s.units }]);
          for (const unit of s.units) voided.add(`${s.grant} ${unit}`);
        }
      }
      const expected = Array.from({ length: UNITS }, (_, unit) => {
        const candidates = frames.filter((f) => f.unit === unit && !voided.has(`${f.grant} ${unit}`));
        const best = Math.max(...candidates.map((f) => f.grant));
        return [unit, candidates.find((f) => f.grant === best)?.text];
      }).filter(([, text]) => text !== undefined);
      const index = await other.openResults(id);
      expect(await winnersOf(index)).toEqual(expected);
      expect(index.count).toBe(expected.length);
      expect(index.highestGrant).toBe(Math.max(0, ...frames.map((f) => f.grant)));
      await Promise.all([store.closeSegment(id), other.closeSegment(id)]);
    }),
    { numRuns: 40 },
  );
});

test('a burst of appends on one evaluation shares its syncs', async () => {
  const manifest = manifestOf('burst', 1000);
  const [store] = stores as [Store, Store];
  await store.stage(manifest);
  await Promise.all(Array.from({ length: 500 }, (_, unit) => store.appendResults(manifest.evaluationId, [frameOf(1, { [unit]: 'x' })])));
  expect(syncs).toBeLessThanOrEqual(3);
  expect((await store.openResults(manifest.evaluationId)).count).toBe(500);
});
