/** Content by digest: `content/ab/abcdef…` is the file whose SHA-256 is `abcdef…`. Never changed once it is there. */
import { createHash } from 'node:crypto';
import { open, readFile, rename, stat, utimes, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { AppError } from '../../shared/domain/errors.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import { CheckedOnce, checkRange, copyChecked, copyHashed, damagedContent, hexOf, missingContent } from './content-bytes.ts';
import { guarded, ifPresent, makeFolder, syncFolder, type Placer } from './files.ts';

const CHUNK_BYTES = 256 * 1024;
/** Digests remembered as durable; forgetting one only costs another look. */
const REMEMBERED = 4096;

export class ContentFolder {
  readonly #folder: string;
  readonly #placer: Placer;
  readonly #clock: Clock;
  readonly #durable = new Set<string>();
  readonly #checks = new CheckedOnce();

  constructor(folder: string, placer: Placer, clock: Clock) {
    this.#folder = folder;
    this.#placer = placer;
    this.#clock = clock;
  }

  async has(digest: string): Promise<boolean> {
    const at = place(digest);
    return await guarded(at.shown, async () => {
      // Young again, so that no collection takes it before whoever asks has named it.
      const now = this.#clock.now() / 1000;
      if ((await ifPresent(() => utimes(join(this.#folder, at.prefix, at.name), now, now).then(() => true))) === undefined) return false;
      // Another coordinator may have put it this instant; who builds on it must not lose it to a power cut.
      if (!this.#durable.has(digest)) await this.#makeDurable(digest);
      return true;
    });
  }

  /** Writes it anew where it is there: the same time is taken, and what was damaged is whole again. */
  async put(digest: string, chunks: AsyncIterable<Uint8Array>, maxBytes: number): Promise<void> {
    const at = place(digest);
    await guarded(at.shown, async () => {
      const prefix = await makeFolder(this.#folder, at.prefix);
      await this.#placer.with(
        async (file) => void (await copyChecked(file, digest, chunks, maxBytes)),
        (path) => rename(path, join(prefix, at.name)),
      );
      await this.#makeDurable(digest);
    });
  }

  /** Content whose digest is known only when it was written. */
  async add(chunks: AsyncIterable<Uint8Array>, maxBytes: number): Promise<{ digest: string; sizeBytes: number }> {
    let written = { digest: '', sizeBytes: 0 };
    await guarded('content', async () => {
      await this.#placer.with(
        async (file) => void (written = await copyHashed(file, 'content', chunks, maxBytes)),
        async (path) => {
          const { prefix, name } = place(written.digest);
          await rename(path, join(await makeFolder(this.#folder, prefix), name));
        },
      );
      await this.#makeDurable(written.digest);
    });
    return written;
  }

  async size(digest: string): Promise<number> {
    const at = place(digest);
    const found = await guarded(at.shown, () => ifPresent(() => stat(join(this.#folder, at.prefix, at.name))));
    return (found ?? missingContent(digest)).size;
  }

  /** All bytes, or a range of them. A range comes from content that was checked as a whole once in this process. */
  async read(digest: string, range?: { offset: number; length: number }): Promise<Buffer> {
    const at = place(digest);
    const path = join(this.#folder, at.prefix, at.name);
    return await guarded(at.shown, async () => {
      if (!range) {
        const bytes = (await ifPresent(() => readFile(path))) ?? missingContent(digest);
        if (createHash('sha256').update(bytes).digest('hex') !== at.name) throw damaged(digest);
        return bytes;
      }
      await this.#check(digest);
      const file = (await ifPresent(() => open(path, 'r'))) ?? missingContent(digest);
      try {
        return await readRange(file, range, digest);
      } finally {
        await file.close();
      }
    });
  }

  /** The stream fails at its end if the bytes do not match the digest. */
  stream(digest: string): Readable {
    return Readable.from(this.#chunks(digest), { objectMode: false, highWaterMark: CHUNK_BYTES });
  }

  async *#chunks(digest: string): AsyncGenerator<Buffer, void, undefined> {
    const at = place(digest);
    const hash = createHash('sha256');
    const file =
      (await guarded(at.shown, () => ifPresent(() => open(join(this.#folder, at.prefix, at.name), 'r')))) ?? missingContent(digest);
    try {
      while (true) {
        const { buffer, bytesRead } = await guarded(at.shown, () => file.read(Buffer.allocUnsafe(CHUNK_BYTES), 0, CHUNK_BYTES, null));
        if (bytesRead === 0) break;
        const chunk = buffer.subarray(0, bytesRead);
        hash.update(chunk);
        yield chunk;
      }
    } finally {
      await file.close();
    }
    if (hash.digest('hex') !== at.name) throw damaged(digest);
  }

  #check(digest: string): Promise<void> {
    return this.#checks.run(digest, async () => {
      for await (const _ of this.#chunks(digest));
    });
  }

  async #makeDurable(digest: string): Promise<void> {
    await syncFolder(this.#folder);
    await syncFolder(join(this.#folder, place(digest).prefix));
    if (this.#durable.size >= REMEMBERED) this.#durable.clear();
    this.#durable.add(digest);
  }
}

/** Where content lies in the folder. */
function place(digest: string): { prefix: string; name: string; shown: string } {
  const name = hexOf(digest);
  return { prefix: name.slice(0, 2), name, shown: `content/${name.slice(0, 2)}/${name}` };
}

const damaged = (digest: string): AppError => damagedContent(place(digest).shown);

async function readRange(file: FileHandle, range: { offset: number; length: number }, digest: string): Promise<Buffer> {
  const { offset, length } = range;
  checkRange(digest, range, (await file.stat()).size);
  const bytes = Buffer.allocUnsafeSlow(length);
  for (let done = 0; done < length;) {
    const { bytesRead } = await file.read(bytes, done, length - done, offset + done);
    if (bytesRead === 0) throw damaged(digest);
    done += bytesRead;
  }
  return bytes;
}
