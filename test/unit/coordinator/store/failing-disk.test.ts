/** What happens when the disk says no: by files that fail on demand, and by a real file system without room. */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDirectoryStore, type DirectoryStoreOptions } from '../../../../coordinator/store/directory-store.ts';
import { createAppendFile, type CreateAppendFile } from '../../../../coordinator/store/segment-writer.ts';
import type { Store } from '../../../../coordinator/store/store.ts';
import { digestOf } from '../../../../shared/domain/ids.ts';
import { systemClock } from '../../../../shared/runtime/clock.ts';
import { canMountTmpfs } from '../../../support/mount.ts';
import { chunksOf, codeOf, frameOf, manifestOf, winnersOf } from '../../../support/store-fixtures.ts';

const manifest = manifestOf('full', 5000);
const id = manifest.evaluationId;
let path: string;
let warnings: string[];

beforeEach(async () => {
  path = await mkdtemp(join(tmpdir(), 'store-disk-'));
  warnings = [];
});
afterEach(() => rm(path, { recursive: true }));

const openStore = (options: Partial<DirectoryStoreOptions> = {}): Promise<Store> =>
  openDirectoryStore({
    path,
    coordinatorId: 'co_a',
    clock: systemClock,
    logger: { warn: (_, message) => warnings.push(message) },
    ...options,
  });

const segments = (): Promise<string[]> => readdir(join(path, 'evaluations', id, 'segments'));

/** Files whose next operations fail as `failures` says: a write (after half of its bytes), or a sync. */
function failingFiles(failures: ('write' | 'sync' | 'ok')[]): CreateAppendFile {
  const error = (code: string): Error => Object.assign(new Error(code), { code });
  return async (file) => {
    const real = await createAppendFile(file);
    return {
      async write(bytes) {
        if (failures[0] !== 'write') return await real.write(bytes);
        failures.shift();
        await real.write(bytes.subarray(0, bytes.length >> 1));
        throw error('EIO');
      },
      async datasync() {
        const next = failures.shift();
        if (next === 'sync') throw error('EIO');
        await real.datasync();
      },
      close: () => real.close(),
    };
  };
}

test.each(['write', 'sync'] as const)('a failed %s: the segment is abandoned and the whole batch is in the next one', async (kind) => {
  const store = await openStore({ createFile: failingFiles(['ok', kind]) });
  await store.stage(manifest);
  await store.appendResults(id, [frameOf(1, { 0: 'zero' })]);
  await store.appendResults(id, [frameOf(2, { 1: 'one' }), frameOf(3, { 2: 'two' })]);
  await store.appendResults(id, [frameOf(4, { 3: 'three' })]);
  expect(await winnersOf(await store.openResults(id))).toEqual([
    [0, 'zero'],
    [1, 'one'],
    [2, 'two'],
    [3, 'three'],
  ]);
  expect(await segments()).toHaveLength(2);
  expect(warnings).toHaveLength(1);
  await store.close();
});

test('three failures: unavailable, nothing left lying about, and the next append works', async () => {
  const store = await openStore({ createFile: failingFiles(['write', 'sync', 'write', 'ok']) });
  await store.stage(manifest);
  const appends = [frameOf(1, { 0: 'zero' }), frameOf(2, { 1: 'one' })].map((frame) => codeOf(store.appendResults(id, [frame])));
  expect(await Promise.all(appends)).toEqual(['unavailable', 'unavailable']);
  expect(await segments()).toEqual([]);
  await store.appendResults(id, [frameOf(1, { 0: 'zero again' })]);
  expect(await winnersOf(await store.openResults(id))).toEqual([[0, 'zero again']]);
  await store.close();
});

test('more evaluations than open segments: the longest unused are closed, nothing is lost', async () => {
  let open = 0;
  let most = 0;
  const createFile: CreateAppendFile = async (file) => {
    const real = await createAppendFile(file);
    most = Math.max(most, ++open);
    return { ...real, close: () => real.close().finally(() => open--) };
  };
  const store = await openStore({ createFile, maxOpenSegments: 3 });
  const manifests = Array.from({ length: 8 }, (_, i) => manifestOf(`many ${i}`, 10));
  for (const m of manifests) await store.stage(m);
  for (let unit = 0; unit < 4; unit++)
    for (const m of manifests) await store.appendResults(m.evaluationId, [frameOf(1, { [unit]: `${unit}` })]);
  expect(most).toBeLessThanOrEqual(4);
  await store.close();
  expect(open).toBe(0);
  const reader = await openStore();
  for (const m of manifests)
    expect(await winnersOf(await reader.openResults(m.evaluationId))).toEqual([0, 1, 2, 3].map((unit) => [unit, `${unit}`]));
  await reader.close();
});

test('segments that nobody appends to are closed after a while', async () => {
  let nowMs = 0;
  let open = 0;
  const createFile: CreateAppendFile = async (file) => {
    const real = await createAppendFile(file);
    open++;
    return { ...real, close: () => real.close().finally(() => open--) };
  };
  const store = await openStore({ createFile, clock: { ...systemClock, monotonic: () => nowMs } });
  const [m1, m2] = [manifestOf('idle', 3), manifestOf('busy', 3)];
  for (const m of [m1, m2]) await store.stage(m);
  await store.appendResults(m1.evaluationId, [frameOf(1, { 0: 'x' })]);
  nowMs = 61_000;
  await store.appendResults(m2.evaluationId, [frameOf(1, { 0: 'x' })]);
  expect(open).toBe(1);
  await store.close();
});

test.skipIf(!canMountTmpfs())(
  'a full disk (skipped where a tmpfs cannot be mounted): unavailable, no half file, and it heals',
  async () => {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', path]);
    try {
      const store = await openStore();
      await store.stage(manifest);
      const large = randomBytes(2 * 1024 * 1024);
      expect(await codeOf(store.putContent(digestOf(large), chunksOf(large), large.length))).toBe('unavailable');
      expect(await store.hasContent(digestOf(large))).toBe(false);
      expect(await readdir(join(path, 'tmp'))).toEqual([]);

      const kept: number[] = [];
      const append = (unit: number): Promise<string> =>
        codeOf(
          store
            .appendResults(id, [{ ...frameOf(1, {}), results: [{ unit, content: randomBytes(20_000) }] }])
            .then(() => void kept.push(unit)),
        );
      let unit = 0;
      while ((await append(unit)) === 'none') unit++;
      expect(unit).toBeGreaterThan(10);
      expect(await append(unit)).toBe('unavailable');
      await writeFile(join(path, 'ballast'), Buffer.alloc(200_000)).catch(() => undefined);
      expect(await codeOf(store.putReport(id, randomBytes(100_000)))).toBe('unavailable');
      expect(await store.report(id)).toBeUndefined();
      expect((await winnersOf(await store.openResults(id))).map(([u]) => u)).toEqual(kept);

      await unlink(join(path, 'ballast'));
      expect((await segments()).length).toBeLessThanOrEqual(3);
      await store.closeSegment(id);
      for (const name of (await segments()).slice(0, 1)) await unlink(join(path, 'evaluations', id, 'segments', name));
      await store.appendResults(id, [frameOf(2, { 4999: 'after' })]);
      expect((await winnersOf(await store.openResults(id))).at(-1)).toEqual([4999, 'after']);
      await store.close();
    } finally {
      execFileSync('umount', ['-l', path]);
    }
  },
);
