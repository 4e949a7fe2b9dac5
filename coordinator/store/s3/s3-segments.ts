/**
 * Segments in an S3 store: every batch is an object of its own, never changed, named by the time of its writing and its writer. Once a
 * writer has many small ones it writes them again as one, named by the first and the last of them; readers pass over what such a name
 * covers, and remove it when it is old enough that nobody can be reading it any more.
 */
import { AppError } from '../../../shared/domain/errors.ts';
import type { ByteSource } from '../../../shared/runtime/frame-log.ts';
import type { Clock } from '../../../shared/runtime/clock.ts';
import type { Stamps } from '../files.ts';
import type { SegmentFiles } from '../segment-files.ts';
import type { FrameWriter } from '../segments.ts';
import { END_FRAME, placeFrame, type PreparedFrame } from '../stored-frame.ts';
import { WriteBatches } from '../write-batches.ts';
import type { Bucket, ObjectInfo } from './bucket.ts';

/** A batch is written when it has so many bytes, or when the one before it is so old: each object costs money and a request to read. */
const MAX_BATCH_BYTES = 4 * 1024 * 1024;
const FLUSH_MS = 500;
/** How often a batch that waits looks whether it is full. */
const LOOK_MS = 20;
/** Objects of a writer that are written together as one, up to so many bytes. */
const MERGE_OBJECTS = 64;
const MERGE_BYTES = 32 * 1024 * 1024;
/** Larger ones stay as they are. */
const SMALL_BYTES = MERGE_BYTES / 4;
/** What was merged is kept so long for those who listed it before. */
const KEEP_MERGED_MS = 10 * 60_000;

const NAME = /^(\d{16})-([A-Za-z0-9_-]{1,64})(?:\.to-(\d{16}))?\.log$/;

export interface S3WriterOptions {
  bucket: Bucket;
  /** Where the segments lie, with a slash at its end. */
  folder: string;
  coordinatorId: string;
  stamps: Stamps;
  clock: Clock;
  /** Throws when what lies in the folder counts no more; called after every write, before it is answered. */
  stillThere: () => Promise<void>;
}

export class S3SegmentWriter implements FrameWriter {
  readonly #options: S3WriterOptions;
  readonly #batches: WriteBatches;
  #writtenAt = -Infinity;
  /** Small objects that were not merged yet, in their order. */
  #small: { stamp: string; size: number }[] = [];

  constructor(options: S3WriterOptions) {
    this.#options = options;
    this.#batches = new WriteBatches({
      maxBatchBytes: MAX_BATCH_BYTES,
      linger: (isFull) => this.#linger(isFull),
      write: (frames) => this.#write(frames),
    });
  }

  append(frames: readonly PreparedFrame[]): Promise<void> {
    return this.#batches.append(frames);
  }

  close(): Promise<void> {
    return this.#batches.settled();
  }

  /** The first batch after a pause goes at once. */
  async #linger(isFull: () => boolean): Promise<void> {
    const { clock } = this.#options;
    const due = this.#writtenAt + FLUSH_MS;
    while (clock.monotonic() < due && !isFull()) await clock.sleep(Math.min(LOOK_MS, Math.max(1, due - clock.monotonic())));
  }

  async #write(frames: readonly PreparedFrame[]): Promise<void> {
    const { bucket, folder, coordinatorId, stamps, clock, stillThere } = this.#options;
    this.#writtenAt = clock.monotonic();
    const stamp = stamps.next();
    const bytes = whole(Buffer.concat(frames.map((frame) => placeFrame(frame, 0))));
    if (!(await bucket.create(`${folder}${stamp}-${coordinatorId}.log`, bytes)))
      throw new AppError('internal', `store, ${folder}${stamp}-${coordinatorId}.log: another coordinator has this one's id`);
    await stillThere();
    if (bytes.length <= SMALL_BYTES) this.#small.push({ stamp, size: bytes.length });
    if (this.#small.length >= MERGE_OBJECTS) await this.#merge().catch(() => undefined); // tried again with the next batch
  }

  async #merge(): Promise<void> {
    const { bucket, folder, coordinatorId } = this.#options;
    let bytes = 0;
    const fitting = this.#small.findIndex(({ size }) => (bytes += size) > MERGE_BYTES);
    const count = Math.max(1, fitting < 0 ? this.#small.length : fitting);
    const merged = this.#small.slice(0, count);
    const parts: Buffer[] = [];
    for (const { stamp } of merged) {
      const part = await bucket.get(`${folder}${stamp}-${coordinatorId}.log`);
      if (!part) throw new AppError('unavailable', 'a segment is gone');
      parts.push(part);
    }
    await bucket.put(`${folder}${merged[0]!.stamp}-${coordinatorId}.to-${merged.at(-1)!.stamp}.log`, whole(Buffer.concat(parts)));
    this.#small.splice(0, count);
  }
}

/** With a last frame that tells damage of what was whole from a tail that nobody was promised: of an object nothing may be missing. */
const whole = (frames: Buffer): Buffer => Buffer.concat([frames, placeFrame(END_FRAME, frames.length)]);

/** The segments of an evaluation, as a listing of now has them. */
export function s3SegmentFiles(bucket: Bucket, folder: string, clock: Clock): SegmentFiles {
  const sizes = new Map<string, number>();
  return {
    async names(kind) {
      const found: (ObjectInfo & { name: string })[] = [];
      for await (const object of bucket.list(`${folder}${kind}/`))
        found.push({ ...object, name: object.key.slice(folder.length + kind.length + 1) });
      const { kept, covered } = withoutCovered(found, clock.now() - KEEP_MERGED_MS);
      // Only tidiness hangs on it, and whoever lists next tries again.
      await bucket.remove(covered.map(({ key }) => key)).catch(() => undefined);
      for (const { name, size } of kept) sizes.set(`${kind}/${name}`, size);
      return kept.map(({ name }) => name).toSorted();
    },
    async open(kind, name) {
      const key = `${folder}${kind}/${name}`;
      const size = sizes.get(`${kind}/${name}`) ?? (await bucket.size(key));
      return size === undefined ? undefined : sourceOf(bucket, key, size);
    },
  };
}

/** What readers need, and what a merged object older than `before` covers. */
export function withoutCovered<O extends { name: string; modifiedMs: number }>(
  objects: readonly O[],
  before: number,
): { kept: O[]; covered: O[] } {
  const merged = objects.flatMap((object) => {
    const [, first, writer, last] = NAME.exec(object.name) ?? [];
    return last ? [{ object, first: first!, last, writer }] : [];
  });
  const kept: O[] = [];
  const covered: O[] = [];
  for (const object of objects) {
    const [, stamp, writer] = NAME.exec(object.name) ?? [];
    const by = merged.find((m) => m.object !== object && m.writer === writer && stamp! >= m.first && stamp! <= m.last);
    if (!by) kept.push(object);
    else if (by.object.modifiedMs < before) covered.push(object);
  }
  return { kept, covered };
}

function sourceOf(bucket: Bucket, key: string, size: number): ByteSource {
  return {
    size,
    async read(position, length) {
      const wanted = Math.max(0, Math.min(length, size - position));
      if (wanted === 0) return Buffer.alloc(0);
      const bytes = await bucket.range(key, position, wanted);
      if (!bytes) throw new AppError('not_found', `store, ${key}: not there: it was removed, or written anew with others, meanwhile`);
      return bytes;
    },
    close: () => Promise.resolve(),
  };
}
