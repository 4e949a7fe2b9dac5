/** Durable files: what the parts of the directory store do to the file system, in the one right order. */
import { randomBytes } from 'node:crypto';
import { link, lstat, mkdir, open, readdir, rename, unlink, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../shared/domain/errors.ts';
import { syncFolder } from '../../shared/runtime/durable-file.ts';
import type { Clock } from '../../shared/runtime/clock.ts';

/** The part of a logger that the store uses; pino's fits. */
export interface StoreLogger {
  warn(fields: object, message: string): void;
}

/** The `code` of a system error (`ENOSPC`), '' for anything else; Node's own codes (`ERR_…`) are none. */
export function errnoOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : '';
  return typeof code === 'string' && /^E[A-Z0-9]+$/.test(code) ? code : '';
}

const REMEDIES: Record<string, string> = {
  ENOSPC: 'no space left: free some, then repeat',
  EDQUOT: 'the disk quota is used up: raise it, then repeat',
  EROFS: 'the file system is read-only: mount it writable, then repeat',
  EMFILE: 'too many open files: raise the limit (ulimit -n), then repeat',
  ENOTDIR: 'a file stands where a folder is needed: name another folder for the store, or move the file away',
  EACCES: 'access denied: give the coordinator’s user the right to read and write the store',
};

/** What callers are told where no remedy is known. */
export const STORE_TROUBLE = 'it does not do for the moment what it is asked: try again';

/** A file system's error as `unavailable`, or `not_found` for what is not there; AppErrors pass. `what` is a place within the store, for people. */
export function storeError(what: string, error: unknown): AppError {
  const code = errnoOf(error);
  if (error instanceof AppError || code === '') return AppError.from(error);
  if (code === 'ENOENT') return new AppError('not_found', `store, ${what}: not there`, { cause: error });
  const remedy = REMEDIES[code];
  return new AppError('unavailable', `store, ${what}: ${remedy ?? `${code}; repeat, and look at the disk if it stays`}`, {
    cause: error,
    outward: `store: ${remedy ?? STORE_TROUBLE}`,
  });
}

/** Runs `work`; what the file system throws becomes `unavailable`. */
export async function guarded<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw storeError(what, error);
  }
}

/** The result of `work`, or undefined if the file or folder is not there. */
export async function ifPresent<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Names in a folder, sorted; none if there is no folder. */
export const namesIn = async (folder: string): Promise<string[]> => ((await ifPresent(() => readdir(folder))) ?? []).toSorted();

/** Bytes of all files in a folder and below; files that go meanwhile count nothing. */
export async function bytesIn(folder: string): Promise<number> {
  let bytes = 0;
  for (const entry of (await ifPresent(() => readdir(folder, { withFileTypes: true }))) ?? []) {
    const path = join(folder, entry.name);
    bytes += entry.isDirectory() ? await bytesIn(path) : ((await ifPresent(() => lstat(path)))?.size ?? 0);
  }
  return bytes;
}

export { syncFolder };

/** Makes a folder and makes its name durable; the parent must be there. */
export async function makeFolder(parent: string, name: string): Promise<string> {
  const path = join(parent, name);
  await mkdir(path).catch((error: unknown) => {
    if (errnoOf(error) !== 'EEXIST') throw error;
  });
  await syncFolder(parent);
  return path;
}

/** Writes all bytes; a file system may take fewer at a time. */
export async function writeFully(file: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done);
    if (bytesWritten === 0) throw Object.assign(new Error('the file system took no byte'), { code: 'EIO' });
    done += bytesWritten;
  }
}

/**
 * Puts whole files under their final names: written and synced in a folder for temporary files first, so that nobody ever
 * sees a half one.
 */
export class Placer {
  readonly #temporary: string;
  readonly #prefix: string;

  /** `temporary`: on the same file system as the final names. `prefix`: says whose files these are. */
  constructor(temporary: string, prefix: string) {
    this.#temporary = temporary;
    this.#prefix = prefix;
  }

  /** Runs `fill` on a new temporary file, syncs it, hands its path to `place`, and removes what is left of it in any case. */
  async with(fill: (file: FileHandle) => Promise<void>, place: (path: string) => Promise<void>): Promise<void> {
    const path = this.newPath();
    const file = await open(path, 'wx');
    try {
      try {
        await fill(file);
        await file.sync();
      } finally {
        await file.close();
      }
      await place(path);
    } finally {
      await unlink(path).catch(() => undefined);
    }
  }

  newPath(): string {
    return join(this.#temporary, `${this.#prefix}-${randomBytes(8).toString('hex')}`);
  }

  /** Writes `folder/name`, in the place of what may be there. */
  async replace(folder: string, name: string, bytes: Uint8Array): Promise<void> {
    await this.with(
      (file) => writeFully(file, bytes),
      (path) => rename(path, join(folder, name)),
    );
    await syncFolder(folder);
  }

  /** Writes `folder/name` if it is not there yet, and says whether it did. Durable in both cases. */
  async create(folder: string, name: string, bytes: Uint8Array): Promise<boolean> {
    let created = true;
    await this.with(
      (file) => writeFully(file, bytes),
      async (path) => {
        try {
          await link(path, join(folder, name));
        } catch (error) {
          if (errnoOf(error) !== 'EEXIST') throw error;
          created = false;
        }
      },
    );
    await syncFolder(folder);
    return created;
  }
}

/** Numbers for file names that sort in the order of their making: milliseconds since the epoch, each greater than the last. */
export class Stamps {
  readonly #clock: Clock;
  #last = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** 16 digits; greater than all before and than `beyond`, also when the wall clock has gone back. */
  next(beyond = 0): string {
    this.#last = Math.max(Math.floor(this.#clock.now()), this.#last + 1, beyond + 1);
    return String(this.#last).padStart(16, '0');
  }
}
