/**
 * Completions that were got once, in a folder of the agent's host: one file for each, named by the SHA-256 of all that decides what
 * is answered. Nothing of it is in memory but 256 numbers, so that it may be large, and several processes may share a folder.
 *
 * A file is written beside its place and renamed, and has a checksum: what a crash has torn is no entry. The folder has 256 parts, by the
 * first byte of the key. Each may have a 256th of the bytes; when one has more, those that were not used for the longest go, to
 * 90 %. A file's time of modification is that of its last use; when it was made stands inside.
 *
 * It may fail as it likes (a full disk, no rights, a network folder that hangs): then there is nothing, and calls are made.
 */
import { randomBytes } from 'node:crypto';
import { open, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MAX_RESULT_BYTES } from '../../shared/domain/result.ts';
import { makeFolders } from '../../shared/runtime/folders.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import { entryBytes, readEntry, type KeptAnswer } from './entry.ts';
import { Patience, type Late } from './patience.ts';

const PARTS = 256;
/** What is left of a part when it was too large. */
const KEEP_SHARE = 0.9;
/** Disks give room in blocks. */
const BLOCK_BYTES = 4_096;
/** A file that was never renamed is a crash's. */
const TORN_AFTER_MS = 3_600_000;
const TEMPORARY = '.new-';
/** A call takes as long; a disk takes thousandths of it. */
const PATIENCE_MS = 2_000;

export interface CompletionCacheOptions {
  /** Made when the first completion is kept. */
  dir: string;
  maxBytes: number;
  clock: Clock;
  /** How long files are waited for, before an answer is got or given without them. */
  patienceMs?: number;
  /** Told once of what goes wrong. */
  onWarning: (message: string, error: unknown) => void;
}

/** What is known of a part: its bytes, and how many were written since they were counted. */
interface Part {
  bytes: number | undefined;
  written: number;
  sweeping: Promise<void> | undefined;
}

export class CompletionCache {
  readonly #options: CompletionCacheOptions;
  readonly #share: number;
  readonly #maxEntryBytes: number;
  readonly #patience: Patience;
  readonly #parts: Part[] = Array.from({ length: PARTS }, () => ({ bytes: undefined, written: 0, sweeping: undefined }));
  #hasWarned = false;

  constructor(options: CompletionCacheOptions) {
    this.#options = options;
    this.#share = options.maxBytes / PARTS;
    this.#maxEntryBytes = Math.min(this.#share, MAX_RESULT_BYTES);
    const { patienceMs: ms = PATIENCE_MS, clock } = options;
    const onLate = (): void => this.#warn('the completion cache takes too long, and calls are made without it', new Error(`${ms} ms`));
    this.#patience = new Patience({ ms, clock, onLate });
  }

  /** What was kept under the key (64 hexadecimal digits), unless it is older; `late` where the files take too long. Never throws. */
  find(key: string, maxAgeMs: number): Promise<KeptAnswer | undefined | Late> {
    return this.#patience.run(() => this.#read(key, maxAgeMs));
  }

  /** Keeps an answer under the key, in place of what was there. One that is too large is not kept. Waits no longer than for any file. Never throws. */
  async keep(key: string, answer: KeptAnswer): Promise<void> {
    const bytes = entryBytes(key, this.#options.clock.now(), answer);
    const size = roomOf(bytes.length);
    if (size > this.#share || bytes.length > this.#maxEntryBytes) return;
    const isKept = await this.#patience.run(() => this.#write(key, bytes));
    if (isKept === true) await this.#grown(Number.parseInt(key.slice(0, 2), 16), size);
  }

  async #read(key: string, maxAgeMs: number): Promise<KeptAnswer | undefined> {
    const path = this.#pathOf(key);
    try {
      const bytes = await readBounded(path, this.#maxEntryBytes);
      // Another agent, whose cache may be larger, shares the folder.
      if (!bytes) return undefined;
      const entry = readEntry(bytes, key);
      const now = this.#options.clock.now();
      if (!entry) {
        await rm(path, { force: true });
        return undefined;
      }
      if (now - entry.savedAtMs >= maxAgeMs) return undefined;
      // Removed meanwhile, or not ours to touch: the answer is as good.
      await utimes(path, now / 1000, now / 1000).catch(() => undefined);
      return entry.answer;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') this.#warn('the completion cache cannot be read', error);
      return undefined;
    }
  }

  async #write(key: string, bytes: Buffer): Promise<boolean> {
    const { clock } = this.#options;
    const path = this.#pathOf(key);
    const temporary = join(path, '..', `${TEMPORARY}${randomBytes(8).toString('hex')}`);
    try {
      await writeFile(temporary, bytes, { mode: 0o600, flag: 'wx' }).catch(async (error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOENT') throw error;
        await makeFolders(join(path, '..'), 0o700);
        await writeFile(temporary, bytes, { mode: 0o600, flag: 'wx' });
      });
      await utimes(temporary, clock.now() / 1000, clock.now() / 1000);
      await rename(temporary, path);
      return true;
    } catch (error) {
      await rm(temporary, { force: true }).catch(() => undefined);
      this.#warn(NOT_KEPT, error);
      return false;
    }
  }

  #pathOf = (key: string): string => join(this.#options.dir, key.slice(0, 2), key.slice(2));

  /** Others may write as well, so that a part is counted anew now and then. */
  async #grown(index: number, size: number): Promise<void> {
    const part = this.#parts[index]!;
    part.written += size;
    const isKnown = part.bytes !== undefined && part.bytes + part.written <= this.#share && part.written < this.#share / 4;
    if (isKnown) return;
    const sweep = (): Promise<void> => this.#sweep(index).catch((error: unknown) => this.#warn(NOT_KEPT, error));
    part.sweeping ??= this.#patience
      .run(sweep, { isLong: true })
      .then(() => undefined)
      .finally(() => {
        part.sweeping = undefined;
      });
    await part.sweeping;
  }

  /** Counts a part, and removes what is too much, and what crashes have left. */
  async #sweep(index: number): Promise<void> {
    const part = this.#parts[index]!;
    part.written = 0;
    const folder = join(this.#options.dir, index.toString(16).padStart(2, '0'));
    const files: { name: string; bytes: number; usedAtMs: number }[] = [];
    for (const name of await readdir(folder)) {
      const found = await stat(join(folder, name)).catch(() => undefined);
      if (found) files.push({ name, bytes: roomOf(found.size), usedAtMs: found.mtimeMs });
    }
    const now = this.#options.clock.now();
    let bytes = files.reduce((sum, file) => sum + file.bytes, 0);
    const isOver = bytes > this.#share;
    for (const file of files.toSorted((a, b) => a.usedAtMs - b.usedAtMs)) {
      // One beside its place may be another process's, which is about to rename it.
      const goes = file.name.startsWith(TEMPORARY) ? now - file.usedAtMs > TORN_AFTER_MS : isOver && bytes > KEEP_SHARE * this.#share;
      if (!goes) continue;
      await rm(join(folder, file.name), { force: true });
      bytes -= file.bytes;
    }
    part.bytes = bytes;
  }

  #warn(message: string, error: unknown): void {
    if (this.#hasWarned) return;
    this.#hasWarned = true;
    this.#options.onWarning(message, error);
  }
}

const NOT_KEPT = 'a completion was not kept in the cache';

/** A file's bytes; undefined for one that is larger, or is no file. */
async function readBounded(path: string, maxBytes: number): Promise<Buffer | undefined> {
  const file = await open(path, 'r');
  try {
    const found = await file.stat();
    if (!found.isFile() || found.size > maxBytes) return undefined;
    const bytes = Buffer.alloc(found.size);
    let at = 0;
    // What is cut meanwhile has another checksum.
    for (let read = 1; read > 0 && at < bytes.length; at += read) ({ bytesRead: read } = await file.read(bytes, at, bytes.length - at, at));
    return bytes.subarray(0, at);
  } finally {
    await file.close();
  }
}

const roomOf = (bytes: number): number => Math.ceil(bytes / BLOCK_BYTES) * BLOCK_BYTES;
