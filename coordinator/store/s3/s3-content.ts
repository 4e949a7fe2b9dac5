/** Content by digest in an S3 store: the object `content/abcdef…` has the SHA-256 `abcdef…`. Never changed once it is there. */
import { createHash } from 'node:crypto';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { Clock } from '../../../shared/runtime/clock.ts';
import { CheckedOnce, checkRange, copyChecked, copyHashed, damagedContent, hexOf, missingContent } from '../content-bytes.ts';
import { guarded } from '../files.ts';
import type { Bucket } from './bucket.ts';

/** Said again at most so often: a small part of any grace. */
const TOUCH_MS = 10 * 60_000;
const CHUNK_BYTES = 256 * 1024;
/** What S3 takes in one request. */
const MAX_OBJECT_BYTES = 5 * 1024 ** 3;

export class S3Content {
  readonly #bucket: Bucket;
  readonly #clock: Clock;
  readonly #checks = new CheckedOnce();
  /** When this process said that they were asked for. */
  readonly #touched = new Map<string, number>();
  /** Sizes of content that was seen. */
  readonly #sizes = new Map<string, number>();

  constructor(bucket: Bucket, clock: Clock) {
    this.#bucket = bucket;
    this.#clock = clock;
  }

  async has(digest: string): Promise<boolean> {
    const found = await this.#bucket.info(keyOf(digest));
    if (!found) return false;
    await this.#touch(hexOf(digest), found.modifiedMs);
    return true;
  }

  /** Says that it was asked for, unless it was said, or written, a moment ago: a collection counts its grace from there. */
  async #touch(hex: string, modifiedMs: number): Promise<void> {
    const now = this.#clock.now();
    if (now - Math.max(modifiedMs, this.#touched.get(hex) ?? 0) < TOUCH_MS) return;
    await this.#bucket.put(`touched/${hex}`, Buffer.alloc(0));
    if (this.#touched.size >= 4096) this.#touched.clear();
    this.#touched.set(hex, now);
  }

  /** Writes it anew where it is there: the same time is taken. */
  async put(digest: string, chunks: AsyncIterable<Uint8Array>, maxBytes: number): Promise<void> {
    await this.#upload(async (file) => ({
      digest,
      sizeBytes: await copyChecked(file, digest, chunks, Math.min(maxBytes, MAX_OBJECT_BYTES)),
    }));
  }

  add(chunks: AsyncIterable<Uint8Array>, maxBytes: number): Promise<{ digest: string; sizeBytes: number }> {
    return this.#upload((file) => copyHashed(file, 'content', chunks, Math.min(maxBytes, MAX_OBJECT_BYTES)));
  }

  async size(digest: string): Promise<number> {
    const known = this.#sizes.get(digest);
    if (known !== undefined) return known;
    const size = (await this.#bucket.size(keyOf(digest))) ?? missingContent(digest);
    if (this.#sizes.size >= 4096) this.#sizes.clear();
    this.#sizes.set(digest, size);
    return size;
  }

  /** All bytes, or a range of them. A range comes from content that was checked as a whole once in this process. */
  async read(digest: string, range?: { offset: number; length: number }): Promise<Buffer> {
    const key = keyOf(digest);
    if (range) {
      checkRange(digest, range, await this.size(digest));
      await this.#checks.run(digest, async () => {
        for await (const _ of this.#chunks(digest));
      });
      return (await this.#bucket.range(key, range.offset, range.length)) ?? missingContent(digest);
    }
    const bytes = (await this.#bucket.get(key)) ?? missingContent(digest);
    if (createHash('sha256').update(bytes).digest('hex') !== hexOf(digest)) throw damagedContent(key);
    return bytes;
  }

  /** The stream fails at its end if the bytes do not match the digest. */
  stream(digest: string): Readable {
    return Readable.from(this.#chunks(digest), { objectMode: false, highWaterMark: CHUNK_BYTES });
  }

  async *#chunks(digest: string): AsyncGenerator<Buffer, void, undefined> {
    const key = keyOf(digest);
    const hash = createHash('sha256');
    const chunks = (await this.#bucket.stream(key)) ?? missingContent(digest);
    for await (const chunk of chunks) {
      hash.update(chunk);
      yield chunk;
    }
    if (hash.digest('hex') !== hexOf(digest)) throw damagedContent(key);
  }

  /** Through a file of its own: its digest must be known, and right, before an object bears it. */
  #upload(
    fill: (file: Awaited<ReturnType<typeof open>>) => Promise<{ digest: string; sizeBytes: number }>,
  ): Promise<{ digest: string; sizeBytes: number }> {
    return guarded('content', async () => {
      const folder = await mkdtemp(join(tmpdir(), 'assay-content-'));
      try {
        const path = join(folder, 'content');
        const file = await open(path, 'wx', 0o600);
        let written: { digest: string; sizeBytes: number };
        try {
          written = await fill(file);
        } finally {
          await file.close();
        }
        await this.#bucket.putFile(keyOf(written.digest), path, written.sizeBytes, hexOf(written.digest));
        return written;
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    });
  }
}

const keyOf = (digest: string): string => `content/${hexOf(digest)}`;
