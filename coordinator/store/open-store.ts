/** Opens the store that the settings name, wherever it is. */
import type { Clock } from '../../shared/runtime/clock.ts';
import { openDirectoryStore } from './directory-store.ts';
import type { StoreLogger } from './files.ts';
import type { S3Location } from './s3/location.ts';
import { storeIdAt } from './store-identity.ts';
import type { Store } from './store.ts';

export interface StorePlace {
  /** A directory, or the URL of what `s3` says. */
  store: string;
  s3?: S3Location | undefined;
}

// The S3 part is loaded only where it is used: its library costs some 20 MiB of memory.
const loadS3 = () => import('./s3/s3-store.ts');

export async function openStore(
  { store, s3 }: StorePlace,
  options: { coordinatorId: string; clock: Clock; logger: StoreLogger },
): Promise<Store> {
  return s3 ? (await loadS3()).openS3Store({ ...options, location: s3 }) : openDirectoryStore({ ...options, path: store });
}

/** The id of the store there; undefined where none is yet. Makes nothing. */
export async function storeIdOf({ store, s3 }: StorePlace): Promise<string | undefined> {
  return s3 ? (await loadS3()).s3StoreIdAt(s3) : storeIdAt(store);
}
