/** Which store a directory is. */
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { guarded, ifPresent, type Placer } from './files.ts';
import { readStoreFile, STORE_VERSION, storeFileOf } from './store-file.ts';

/** The id of the store in a folder; undefined where none is yet, or one that opening it will complain about. Makes nothing. */
export async function storeIdAt(path: string): Promise<string | undefined> {
  const text = await guarded(path, () => ifPresent(() => readFile(join(path, 'store.json'), 'utf8')));
  return text === undefined ? undefined : readStoreFile(text)?.storeId;
}

/** The id of the store, made by whoever comes first. */
export async function identify(path: string, placer: Placer): Promise<string> {
  const made = { storeId: `st_${randomBytes(8).toString('hex')}`, version: STORE_VERSION };
  const read = (): Promise<string | undefined> => ifPresent(() => readFile(join(path, 'store.json'), 'utf8'));
  let text = await read();
  if (text === undefined) {
    await placer.create(path, 'store.json', Buffer.from(`${JSON.stringify(made)}\n`));
    text = (await read())!;
  }
  return storeFileOf(text, path).storeId;
}
