/** Collecting in a directory: what crashes leave, and contents that are asked for in the very moment. */
import { mkdir, mkdtemp, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDirectoryStore } from '../../../../coordinator/store/directory-store.ts';
import type { CollectOptions, Store } from '../../../../coordinator/store/store.ts';
import type { Collection } from '../../../../shared/client/types.ts';
import { digestOf, evaluationIdOf } from '../../../../shared/domain/ids.ts';
import { systemClock } from '../../../../shared/runtime/clock.ts';
import { chunksOf, codeOf, manifestOf } from '../../../support/store-fixtures.ts';

const HOUR = 3_600_000;

let path: string;
let store: Store;
beforeEach(async () => {
  path = await mkdtemp(join(tmpdir(), 'store-'));
  store = await openDirectoryStore({ path, coordinatorId: 'co_a', clock: systemClock, logger: { warn: () => undefined } });
});
afterEach(async () => {
  await store.close();
  await rm(path, { recursive: true, force: true });
});

const collect = (more: Partial<CollectOptions> = {}): Promise<Collection> =>
  store.collect({
    graceMs: HOUR,
    dryRun: false,
    signal: new AbortController().signal,
    isAlive: (id) => id === 'co_a',
    onProgress: () => undefined,
    ...more,
  });
const fileOf = (digest: string): string => join(path, 'content', digest.slice(7, 9), digest.slice(7));
async function put(text: string, ageMs = 2 * HOUR): Promise<string> {
  const digest = digestOf(text);
  await store.putContent(digest, chunksOf(text), text.length);
  const then = (Date.now() - ageMs) / 1000;
  await utimes(fileOf(digest), then, then);
  return digest;
}

test('asked for means young again: it stays for another grace time', async () => {
  const [asked, uploaded, forgotten, fresh] = [await put('asked'), await put('uploaded'), await put('forgotten'), await put('fresh', 0)];
  expect(await store.hasContent(asked)).toBe(true);
  await store.putContent(uploaded, chunksOf('uploaded'), 10);
  expect(await collect()).toEqual({ collected: [{ kind: 'content', count: 1, bytes: 9 }], contents: 3, contentBytes: 5 + 8 + 5 });
  expect(await Promise.all([asked, uploaded, fresh].map((digest) => codeOf(store.contentSize(digest))))).toEqual(['none', 'none', 'none']);
  expect(await codeOf(store.contentSize(forgotten))).toBe('not_found');
});

test('whoever asks while it is being taken away either keeps it, or hears that it is gone', async () => {
  for (let round = 0; round < 100; round++) {
    const digest = await put(`content ${round}`);
    const [isThere] = await Promise.all([store.hasContent(digest), collect()]);
    if (isThere) expect(await codeOf(store.contentSize(digest))).toBe('none');
    else expect(await codeOf(store.contentSize(digest))).toBe('not_found');
  }
});

test('a submit that named a content while names were read keeps it', async () => {
  const digests = await Promise.all(Array.from({ length: 50 }, (_, i) => put(`dataset ${i}`)));
  const submit = async (i: number): Promise<boolean> => {
    await store.stage({ ...manifestOf(`submit ${i}`, 3), datasets: [digests[i]!] });
    return await store.hasContent(digests[i]!);
  };
  const [, ...have] = await Promise.all([collect(), ...digests.map((_, i) => submit(i))]);
  for (const [i, digest] of digests.entries()) expect(await codeOf(store.contentSize(digest))).toBe(have[i] ? 'none' : 'not_found');
});

test('what crashes have left goes: places without a manifest, temporary files and half removed folders of the dead', async () => {
  const [half, listed] = [evaluationIdOf('', 'half'), evaluationIdOf('', 'listed')];
  await mkdir(join(path, 'evaluations', half));
  await writeFile(join(path, 'unfinished', half), '');
  await writeFile(join(path, 'unfinished', listed), '');
  await writeFile(join(path, 'tmp', 'co_dead-0011223344556677'), 'x'.repeat(100));
  await writeFile(join(path, 'tmp', 'co_a-0011223344556677'), 'of one that lives');
  await mkdir(join(path, 'tmp', `co_dead-8899aabbccddeeff.removed.${half}`));
  await writeFile(join(path, 'tmp', `co_dead-8899aabbccddeeff.removed.${half}`, 'manifest.json'), 'y'.repeat(50));
  expect((await collect()).collected).toEqual([]);
  await new Promise((resolve) => setTimeout(resolve, 30));
  const dry = await collect({ graceMs: 0, dryRun: true });
  expect(dry.collected).toEqual([
    { kind: 'staged', count: 3, bytes: 0 },
    { kind: 'temporary', count: 2, bytes: 150 },
  ]);
  await collect({ graceMs: 0 });
  expect(await readdir(join(path, 'evaluations'))).toEqual([]);
  expect(await store.unfinished()).toEqual([]);
  expect(await readdir(join(path, 'tmp'))).toEqual(['co_a-0011223344556677']);
});

test('a damaged manifest keeps every content where it is, and is named', async () => {
  const digest = await put('named by a damaged one');
  const manifest = { ...manifestOf('damaged', 3), datasets: [digest] };
  await store.stage(manifest);
  const file = join(path, 'evaluations', manifest.evaluationId, 'manifest.json');
  await rename(file, `${file}.whole`);
  await writeFile(file, '{');
  await expect(collect()).rejects.toMatchObject({ code: 'internal', message: expect.stringContaining(manifest.evaluationId) });
  expect((await stat(fileOf(digest))).size).toBe(22);
});
