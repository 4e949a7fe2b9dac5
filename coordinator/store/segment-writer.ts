/**
 * Appends frames to segments of one folder, durable before it says so. A segment has one writer in its whole life: it is
 * created exclusively and never opened again. Whatever fails on it, a write or a sync, makes its state unknowable: it is
 * abandoned, and the whole batch is written again into a new one.
 */
import { open, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { AppError } from '../../shared/domain/errors.ts';
import { errnoOf, makeFolder, storeError, syncFolder, writeFully, type Stamps } from './files.ts';
import { END_FRAME, placeFrame, type PreparedFrame } from './stored-frame.ts';

const TRIES = 3;
/** A new segment is begun beyond this size, so that backups copy a long evaluation in pieces. */
const MAX_SEGMENT_BYTES = 256 * 1024 * 1024;
/** Calls that wait are written together up to this many bytes; a larger call goes alone. */
const MAX_BATCH_BYTES = 16 * 1024 * 1024;
/** Above this the disk is hopelessly behind; refusing keeps the memory bounded, and the agents keep their results. */
const MAX_WAITING_BYTES = 256 * 1024 * 1024;

/** A file that only grows. `write` writes all or throws. */
export interface AppendFile {
  write(bytes: Buffer): Promise<void>;
  datasync(): Promise<void>;
  /** Whether a reader of the folder can find it; absent: it can. */
  isThere?(): Promise<boolean>;
  close(): Promise<void>;
}

/** Makes a file that is not there yet (EEXIST otherwise); tests give one that fails. */
export type CreateAppendFile = (path: string) => Promise<AppendFile>;

export const createAppendFile: CreateAppendFile = async (path) => {
  const handle = await open(path, 'ax');
  return {
    write: (bytes) => writeFully(handle, bytes),
    datasync: () => handle.datasync(),
    isThere: async () => (await handle.stat()).nlink > 0,
    close: () => handle.close(),
  };
};

export interface SegmentWriterOptions {
  /** The folder of the segments; made when the first one is. Its parent is there. */
  folder: string;
  coordinatorId: string;
  stamps: Stamps;
  createFile: CreateAppendFile;
  /** Told of every abandoned segment. */
  onAbandoned: (segment: string, error: unknown) => void;
}

interface Waiting {
  frames: readonly PreparedFrame[];
  bytes: number;
  resolve: () => void;
  reject: (error: unknown) => void;
}

export class SegmentWriter {
  readonly #options: SegmentWriterOptions;
  #waiting: Waiting[] = [];
  #waitingBytes = 0;
  #work: Promise<void> | undefined;
  /** `durable`: bytes of batches that were written and synced. */
  #segment: { path: string; file: AppendFile; durable: number } | undefined;

  constructor(options: SegmentWriterOptions) {
    this.#options = options;
  }

  /** Resolves when the frames are durable. Calls that come while the disk is at work share the next write and sync. */
  async append(frames: readonly PreparedFrame[]): Promise<void> {
    const bytes = frames.reduce((sum, f) => sum + f.body.length, 0);
    if (this.#waitingBytes + bytes > MAX_WAITING_BYTES && this.#waiting.length > 0) {
      throw new AppError(
        'unavailable',
        `store: ${this.#waitingBytes} bytes wait for the disk already; repeat later, and look at the disk if it stays`,
      );
    }
    this.#waitingBytes += bytes;
    const done = new Promise<void>((resolve, reject) => this.#waiting.push({ frames, bytes, resolve, reject }));
    this.#work ??= this.#writeAll();
    await done;
  }

  /** Waits for the appends that were begun, marks the segment as complete and closes it. A later append begins a new one. */
  async close(): Promise<void> {
    while (this.#work) await this.#work;
    await this.#finishSegment();
  }

  async #writeAll(): Promise<void> {
    // Callers of the same turn of the event loop are in the first batch together.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const batch = this.#takeBatch();
      try {
        await this.#writeBatch(batch.flatMap((w) => w.frames));
        for (const w of batch) w.resolve();
      } catch (error) {
        for (const w of batch) w.reject(error);
      }
    }
    this.#work = undefined;
  }

  #takeBatch(): Waiting[] {
    let count = 0;
    let bytes = 0;
    for (const w of this.#waiting) {
      if (count > 0 && bytes + w.bytes > MAX_BATCH_BYTES) break;
      count += 1;
      bytes += w.bytes;
    }
    this.#waitingBytes -= bytes;
    return this.#waiting.splice(0, count);
  }

  async #writeBatch(frames: readonly PreparedFrame[]): Promise<void> {
    let failure: unknown;
    for (let attempt = 1; attempt <= TRIES; attempt++) {
      try {
        const segment = (this.#segment ??= await this.#create());
        const bytes = Buffer.concat(frames.map((frame) => placeFrame(frame, segment.durable)));
        await segment.file.write(bytes);
        await segment.file.datasync();
        // Another coordinator may have removed the evaluation since, and somebody have submitted it anew.
        if ((await segment.file.isThere?.()) === false) throw new AppError('unavailable', 'the segment was removed');
        segment.durable += bytes.length;
        if (segment.durable >= MAX_SEGMENT_BYTES) await this.#finishSegment();
        return;
      } catch (error) {
        failure = error;
        await this.#abandon(error);
      }
    }
    throw storeError(`${basename(this.#options.folder)} of ${basename(dirname(this.#options.folder))}`, failure);
  }

  async #finishSegment(): Promise<void> {
    const segment = this.#segment;
    this.#segment = undefined;
    if (!segment) return;
    // Not synced: the mark only helps to tell a torn tail from damage; nothing rests on it.
    await segment.file.write(placeFrame(END_FRAME, segment.durable)).catch(() => undefined);
    await segment.file.close().catch(() => undefined);
  }

  async #create(): Promise<{ path: string; file: AppendFile; durable: number }> {
    const { folder, stamps, coordinatorId, createFile } = this.#options;
    await makeFolder(dirname(folder), basename(folder));
    while (true) {
      const path = join(folder, `${stamps.next()}-${coordinatorId}.log`);
      try {
        const file = await createFile(path);
        this.#segment = { path, file, durable: 0 };
        await syncFolder(folder);
        return this.#segment;
      } catch (error) {
        // Only another process with this coordinator's id could have made it; the next stamp is greater, so this ends.
        if (errnoOf(error) !== 'EEXIST') throw error;
      }
    }
  }

  async #abandon(error: unknown): Promise<void> {
    const segment = this.#segment;
    this.#segment = undefined;
    if (!segment) return;
    this.#options.onAbandoned(basename(segment.path), error);
    await segment.file.close().catch(() => undefined);
    // Without a durable batch nobody was promised anything in it: a full disk is not to be littered with such files.
    if (segment.durable === 0) await unlink(segment.path).catch(() => undefined);
  }
}
