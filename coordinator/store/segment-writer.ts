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
import { WriteBatches } from './write-batches.ts';

const TRIES = 3;
/** A new segment is begun beyond this size, so that backups copy a long evaluation in pieces. */
const MAX_SEGMENT_BYTES = 256 * 1024 * 1024;
/** Calls that wait are written together up to this many bytes; a larger call goes alone. */
const MAX_BATCH_BYTES = 16 * 1024 * 1024;
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

export class SegmentWriter {
  readonly #options: SegmentWriterOptions;
  readonly #batches: WriteBatches;
  /** `durable`: bytes of batches that were written and synced. */
  #segment: { path: string; file: AppendFile; durable: number } | undefined;

  constructor(options: SegmentWriterOptions) {
    this.#options = options;
    this.#batches = new WriteBatches({ write: (frames) => this.#writeBatch(frames), maxBatchBytes: MAX_BATCH_BYTES });
  }

  /** Resolves when the frames are durable. Calls that come while the disk is at work share the next write and sync. */
  append(frames: readonly PreparedFrame[]): Promise<void> {
    return this.#batches.append(frames);
  }

  /** Waits for the appends that were begun, marks the segment as complete and closes it. A later append begins a new one. */
  async close(): Promise<void> {
    await this.#batches.settled();
    await this.#finishSegment();
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
