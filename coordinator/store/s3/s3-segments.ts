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
/** Of those, how many one listing removes. */
const REMOVED_AT_ONCE = 256;

const NAME = /^(\d{16})-([A-Za-z0-9_-]{1,80})(?:\.to-(\d{16}))?\.log$/;

export interface S3WriterOptions {
  bucket: Bucket;
  /** Where the segments lie, with a slash at its end. */
  folder: string;
  /** Nobody else's, not even that of the same coordinator's next writer here: letters, digits, `_` and `-`. */
  writerId: string;
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
  #merging: Promise<unknown> | undefined;

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

  async close(): Promise<void> {
    await this.#batches.settled();
    await this.#merging;
  }

  /** The first batch after a pause goes at once. */
  async #linger(isFull: () => boolean): Promise<void> {
    const { clock } = this.#options;
    const due = this.#writtenAt + FLUSH_MS;
    while (clock.monotonic() < due && !isFull()) await clock.sleep(Math.min(LOOK_MS, Math.max(1, due - clock.monotonic())));
  }

  async #write(frames: readonly PreparedFrame[]): Promise<void> {
    const { bucket, folder, writerId, stamps, clock, stillThere } = this.#options;
    this.#writtenAt = clock.monotonic();
    const stamp = stamps.next();
    const bytes = whole(Buffer.concat(frames.map((frame) => placeFrame(frame, 0))));
    // What is merged follows one upon the other: the name of the merged object speaks for all between the first and the last. So a run
    // ends where a large one comes between, or one of which nobody knows whether it is there.
    const before = this.#small;
    this.#small = [];
    if (!(await bucket.create(`${folder}${stamp}-${writerId}.log`, bytes)))
      throw new AppError('internal', `store, ${folder}${stamp}-${writerId}.log: another coordinator has this one's id`);
    await stillThere();
    if (bytes.length <= SMALL_BYTES) this.#small = [...before, { stamp, size: bytes.length }];
    // Beside the writing: what is acknowledged need not wait for it. A run that could not be merged stays as it is.
    if (this.#small.length >= MERGE_OBJECTS)
      this.#merging ??= this.#merge(this.#takeRun())
        .catch(() => undefined)
        .finally(() => (this.#merging = undefined));
  }

  #takeRun(): { stamp: string }[] {
    let bytes = 0;
    const end = this.#small.findIndex(({ size }) => (bytes += size) > MERGE_BYTES);
    return this.#small.splice(0, end < 0 ? this.#small.length : Math.max(1, end));
  }

  async #merge(run: readonly { stamp: string }[]): Promise<void> {
    const { bucket, folder, writerId } = this.#options;
    const parts: Buffer[] = [];
    for (const { stamp } of run) {
      const part = await bucket.get(`${folder}${stamp}-${writerId}.log`);
      if (!part) throw new AppError('unavailable', 'a segment is gone');
      parts.push(part);
    }
    await bucket.put(`${folder}${run[0]!.stamp}-${writerId}.to-${run.at(-1)!.stamp}.log`, whole(Buffer.concat(parts)));
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
      // Only tidiness hangs on it: nobody waits, and whoever lists next goes on with the rest.
      bucket.remove(covered.slice(0, REMOVED_AT_ONCE).map(({ key }) => key)).catch(() => undefined);
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

/** What readers need, and what a merged object older than `before` covers: its writer's own that lie as a whole within its stamps. */
export function withoutCovered<O extends { name: string; modifiedMs: number }>(
  objects: readonly O[],
  before: number,
): { kept: O[]; covered: O[] } {
  const parsed = objects.map((object) => {
    const [, first = '', writer = '', last] = NAME.exec(object.name) ?? [];
    return { object, first, writer, last: last ?? first, isMerged: last !== undefined };
  });
  /** By writer, in the order of their first stamps. */
  const merged = Map.groupBy(
    parsed.filter((p) => p.isMerged).toSorted((a, b) => (a.first < b.first ? -1 : 1)),
    (p) => p.writer,
  );
  const kept: O[] = [];
  const covered: O[] = [];
  for (const { object, first, writer, last } of parsed) {
    const by = lastUpTo(merged.get(writer) ?? [], first);
    if (!by || by.object === object || last > by.last) kept.push(object);
    else if (by.object.modifiedMs < before) covered.push(object);
  }
  return { kept, covered };
}

/** The last whose first stamp is not after `stamp`. */
function lastUpTo<M extends { first: string }>(sorted: readonly M[], stamp: string): M | undefined {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]!.first <= stamp) low = middle + 1;
    else high = middle;
  }
  return sorted[low - 1];
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
