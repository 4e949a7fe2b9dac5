/** Rows of damage: torn tails are ends, everything else that cannot be read any more is said, never guessed. */
import { appendFile, mkdtemp, mkdir, readdir, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDirectoryStore } from '../../../../coordinator/store/directory-store.ts';
import type { Store } from '../../../../coordinator/store/store.ts';
import { digestOf } from '../../../../shared/domain/ids.ts';
import { systemClock, type Clock } from '../../../../shared/runtime/clock.ts';
import { chunksOf, codeOf, frameOf, manifestOf, winnersOf } from '../../../support/store-fixtures.ts';

const manifest = manifestOf('damage', 20);
const id = manifest.evaluationId;
let path: string;
let store: Store;

const open = (clock: Clock = systemClock): Promise<Store> =>
  openDirectoryStore({ path, coordinatorId: 'co_a', clock, logger: { warn: () => undefined } });

beforeEach(async () => {
  path = await mkdtemp(join(tmpdir(), 'store-damage-'));
  store = await open();
  await store.stage(manifest);
});
afterEach(async () => {
  await store.close();
  await rm(path, { recursive: true });
});

const folder = (name = 'segments'): string => join(path, 'evaluations', id, name);
async function segment(): Promise<string> {
  const names = await readdir(folder());
  expect(names).toHaveLength(1);
  return join(folder(), names[0]!);
}
async function winners(): Promise<[number, string][]> {
  return await winnersOf(await store.openResults(id));
}
async function flip(file: string, at: number): Promise<void> {
  const bytes = await readFile(file);
  bytes[at]! ^= 0x10;
  await writeFile(file, bytes);
}

test('a segment cut at any byte gives the batches before the cut', async () => {
  const ends: number[] = [];
  for (let unit = 0; unit < 4; unit++) {
    await store.appendResults(id, [frameOf(unit + 1, { [unit]: `result ${unit}` })]);
    ends.push((await readFile(await segment())).length);
  }
  const file = await segment();
  const whole = await readFile(file);
  for (let cut = 0; cut <= whole.length; cut += cut % 3 === 0 ? 1 : 2) {
    await writeFile(file, whole.subarray(0, cut));
    expect(
      (await winners()).map(([unit]) => unit),
      `cut at ${cut}`,
    ).toEqual([0, 1, 2, 3].slice(0, ends.filter((e) => e <= cut).length));
  }
}, 60_000);

test('any byte changed: the result is right, missing at the unpromised end, or an error; never another one', async () => {
  for (let unit = 0; unit < 3; unit++) await store.appendResults(id, [frameOf(unit + 1, { [unit]: `result ${unit}` })]);
  const file = await segment();
  const whole = await readFile(file);
  const lastBatch = whole.lastIndexOf(Buffer.from([0xff, 0xfe]));
  for (let at = 0; at < whole.length; at++) {
    const bytes = Buffer.from(whole);
    bytes[at]! ^= 1 << (at % 8);
    await writeFile(file, bytes);
    if (at < lastBatch) await expect(winners(), `byte ${at}`).rejects.toThrow(/segments\/\d+-co_a\.log: damaged at offset \d+/);
    else
      expect(await winners(), `byte ${at}`).toEqual([
        [0, 'result 0'],
        [1, 'result 1'],
      ]);
  }
}, 60_000);

test('in a segment that was closed in order, also damage to its last result is an error', async () => {
  await store.appendResults(id, [frameOf(1, { 0: 'result 0' })]);
  await store.closeSegment(id);
  await flip(await segment(), 60);
  expect(await codeOf(winners())).toBe('internal');
  // The remedy that the message names: without the file its units have no result, and run again.
  await rename(await segment(), join(path, 'aside'));
  expect(await winners()).toEqual([]);
});

test('a byte that changes after the index was made is an error with its place', async () => {
  for (const text of ['small', 'large and compressed '.repeat(5000)]) {
    await store.appendResults(id, [frameOf(1, { 0: text })]);
    await store.closeSegment(id);
    const index = await store.openResults(id);
    const file = await segment();
    await flip(file, (await readFile(file)).length - 120);
    await expect(winnersOf(index)).rejects.toThrow(/damaged at offset 0/);
    await rm(file);
  }
});

test('a tail that is torn because another process is writing it is whole at the next look', async () => {
  await store.appendResults(id, [frameOf(1, { 0: 'zero' })]);
  const first = await readFile(await segment());
  await store.appendResults(id, [frameOf(2, { 1: 'one' })]);
  const file = await segment();
  const whole = await readFile(file);
  await writeFile(file, whole.subarray(0, first.length + 20));
  expect(await winners()).toEqual([[0, 'zero']]);
  await appendFile(file, whole.subarray(first.length + 20));
  expect(await winners()).toEqual([
    [0, 'zero'],
    [1, 'one'],
  ]);
});

test('a segment is readable while it grows, at any moment', async () => {
  const progress = { acknowledged: 0 };
  const writing = (async () => {
    for (let unit = 0; unit < 20; unit++) {
      await store.appendResults(id, [frameOf(1, { [unit]: 'x'.repeat(500) })]);
      progress.acknowledged = unit + 1;
    }
  })();
  for (let look = 0; look < 10_000 && progress.acknowledged < 20; look++) {
    const before = progress.acknowledged;
    expect((await winners()).length).toBeGreaterThanOrEqual(before);
  }
  await writing;
  expect(await winners()).toHaveLength(20);
});

test('a unit beyond the evaluation is damage', async () => {
  await store.appendResults(id, [frameOf(1, { 20: 'x' })]);
  expect(await codeOf(winners())).toBe('internal');
});

test('content: a changed or a missing byte is an error for the whole, a range, and the stream', async () => {
  const text = 'x'.repeat(1000);
  const digest = digestOf(text);
  await store.putContent(digest, chunksOf(text), 1000);
  const hex = digest.slice(7);
  const file = join(path, 'content', hex.slice(0, 2), hex);
  const damages = [() => flip(file, 500), () => writeFile(file, text.slice(1)), () => writeFile(file, '')];
  for (const damage of damages) {
    await writeFile(file, text);
    await damage();
    expect(await codeOf(store.readContent(digest))).toBe('internal');
    expect(await codeOf(store.readContent(digest, { offset: 0, length: 0 }))).toBe('internal');
    expect(await codeOf(store.streamContent(digest).toArray())).toBe('internal');
  }
  await writeFile(file, text);
  expect((await store.readContent(digest, { offset: 1, length: 3 })).toString()).toBe('xxx');
});

test('manifest, control record and report: damage is an error', async () => {
  await store.appendControl(id, { kind: 'cancel', atMs: 1, reason: '' });
  await store.putReport(id, Buffer.from('{"accuracy":0.5}'));
  const file = join(path, 'evaluations', id, 'manifest.json');
  const text = await readFile(file, 'utf8');
  await writeFile(file, text.replace('"units":20', '"units":21'));
  expect(await codeOf(store.manifest(id))).toBe('internal');
  await writeFile(file, text.slice(0, 100));
  expect(await codeOf(store.manifest(id))).toBe('internal');
  await writeFile(join(folder('controls'), (await readdir(folder('controls')))[0]!), '{"kind":"stop"}');
  expect(await codeOf(store.controls(id))).toBe('internal');
  const hex = digestOf('{"accuracy":0.5}').slice(7);
  await writeFile(join(path, 'content', hex.slice(0, 2), hex), '{"accuracy":0.9}');
  expect(await codeOf(store.report(id))).toBe('internal');
});

test('what crashes left in tmp goes after a day; an accepted evaluation in it goes back to its place', async () => {
  const other = manifestOf('moved', 2);
  await store.stage(other);
  await store.markAccepted(other.evaluationId);
  await rename(join(path, 'evaluations', other.evaluationId), join(path, 'tmp', `co_x-12.${other.evaluationId}`));
  await writeFile(join(path, 'tmp', 'co_x-34'), 'half');
  await mkdir(join(path, 'tmp', `co_x-56.${id}`));
  await utimes(join(path, 'tmp', 'co_x-34'), 1, 1);
  await (await open()).close();
  expect(await readdir(join(path, 'tmp'))).toHaveLength(3);
  await (await open({ ...systemClock, now: () => Date.now() + 25 * 3600 * 1000 })).close();
  expect(await readdir(join(path, 'tmp'))).toEqual([]);
  expect(await store.manifest(other.evaluationId)).toEqual(other);
});

test('a store of another version is refused, and so is a bad name of a coordinator', async () => {
  await writeFile(join(path, 'store.json'), '{"storeId":"st_1","version":2}');
  expect(await codeOf(open())).toBe('failed_precondition');
  await writeFile(join(path, 'store.json'), '{"sto');
  expect(await codeOf(open())).toBe('internal');
  expect(await codeOf(openDirectoryStore({ path, coordinatorId: '../x', clock: systemClock, logger: { warn: () => undefined } }))).toBe(
    'invalid',
  );
});
