/** Content whose digest is known only at its end. */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDirectoryStore } from '../../../../coordinator/store/directory-store.ts';
import type { Store } from '../../../../coordinator/store/store.ts';
import { systemClock } from '../../../../shared/runtime/clock.ts';
import { digestOfBytes, inChunks } from '../../../support/datasets.ts';

let path: string;
let store: Store;
beforeEach(async () => {
  path = await mkdtemp(join(tmpdir(), 'assay-add-'));
  store = await openDirectoryStore({ path, coordinatorId: 'c', clock: systemClock, logger: { warn: () => undefined } });
});
afterEach(async () => {
  await store.close();
  await rm(path, { recursive: true });
});

async function* stream(content: string, failure?: Error): AsyncGenerator<Uint8Array> {
  yield* inChunks(content, 10);
  if (failure) throw failure;
}

test('it is there under its digest, however often it is added', async () => {
  const content = 'some content '.repeat(10);
  const expected = { digest: digestOfBytes(Buffer.from(content)), sizeBytes: content.length };
  for (let i = 0; i < 2; i++) expect(await store.addContent(stream(content), 1000)).toEqual(expected);
  expect((await store.readContent(expected.digest)).toString()).toBe(content);
  expect(await readdir(join(path, 'tmp'))).toEqual([]);
});

test('nothing is left of what is too large, or whose source fails', async () => {
  await expect(store.addContent(stream('x'.repeat(101)), 100)).rejects.toMatchObject({ code: 'invalid' });
  await expect(store.addContent(stream('x', new Error('torn')), 100)).rejects.toThrow('torn');
  expect(await readdir(join(path, 'tmp'))).toEqual([]);
  expect(await readdir(join(path, 'content'))).toEqual([]);
});
