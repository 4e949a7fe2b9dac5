/** `store.json`: the id of a store, and the version of its form. */
import { z } from 'zod';
import { AppError } from '../../shared/domain/errors.ts';

export const STORE_VERSION = 1;

const storeFileSchema = z.object({ storeId: z.string().min(1), version: z.int() });
type StoreFile = z.infer<typeof storeFileSchema>;

/** Undefined where the text is no such file. */
export function readStoreFile(text: string): StoreFile | undefined {
  try {
    return storeFileSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** Throws where it is damaged, or of a version that this program does not know. `shown`: where the store is, for people. */
export function storeFileOf(text: string, shown: string): StoreFile {
  const found = readStoreFile(text);
  if (!found) throw new AppError('internal', `store, ${shown}/store.json: damaged: restore it from a backup`);
  if (found.version !== STORE_VERSION)
    throw new AppError(
      'failed_precondition',
      `store, ${shown}: its version is ${found.version}, this program knows ${STORE_VERSION}: use the program that wrote it, or another place`,
    );
  return found;
}
