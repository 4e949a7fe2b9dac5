/** Content by digest: `content/ab/abcdef…` is the file whose SHA-256 is `abcdef…`. Never changed once it is there. */
import { createHash } from 'node:crypto';
import { open, readFile, rename, stat, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { AppError, invalid } from '../../shared/domain/errors.ts';
import { isDigest } from '../../shared/domain/ids.ts';
import { guarded, ifPresent, makeFolder, syncFolder, writeFully, type Placer } from './files.ts';

const CHUNK_BYTES = 256 * 1024;
/** Digests remembered as checked or durable; forgetting one only costs another look. */
const REMEMBERED = 4096;

export class ContentFolder {
  readonly #folder: string;
  readonly #placer: Placer;
  readonly #durable = new Set<string>();
  readonly #checks = new Map<string, Promise<void>>();

  constructor(folder: string, placer: Placer) {
    this.#folder = folder;
    this.#placer = placer;
  }

  async has(digest: string): Promise<boolean> {
    const at = place(digest);
    return await guarded(at.shown, async () => {
      if ((await ifPresent(() => stat(join(this.#folder, at.prefix, at.name)))) === undefined) return false;
      // Another coordinator may have put it this instant; who builds on it must not lose it to a power cut.
      if (!this.#durable.has(digest)) await this.#makeDurable(digest);
      return true;
    });
  }

  async put(digest: string, chunks: AsyncIterable<Uint8Array>, maxBytes: number): Promise<{ existed: boolean }> {
    if (await this.has(digest)) return { existed: true };
    const at = place(digest);
    await guarded(at.shown, async () => {
      const prefix = await makeFolder(this.#folder, at.prefix);
      await this.#placer.with(
        (file) => copyChecked(file, digest, chunks, maxBytes),
        (path) => rename(path, join(prefix, at.name)),
      );
      await this.#makeDurable(digest);
    });
    return { existed: false };
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
    return (found ?? missing(digest)).size;
  }

  /** All bytes, or a range of them. A range comes from content that was checked as a whole once in this process. */
  async read(digest: string, range?: { offset: number; length: number }): Promise<Buffer> {
    const at = place(digest);
    const path = join(this.#folder, at.prefix, at.name);
    return await guarded(at.shown, async () => {
      if (!range) {
        const bytes = (await ifPresent(() => readFile(path))) ?? missing(digest);
        if (createHash('sha256').update(bytes).digest('hex') !== at.name) throw damaged(digest);
        return bytes;
      }
      await this.#check(digest);
      const file = (await ifPresent(() => open(path, 'r'))) ?? missing(digest);
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
    const file = (await guarded(at.shown, () => ifPresent(() => open(join(this.#folder, at.prefix, at.name), 'r')))) ?? missing(digest);
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
    const known = this.#checks.get(digest);
    if (known) return known;
    const check = (async () => {
      for await (const _ of this.#chunks(digest));
    })();
    this.#checks.set(digest, check);
    if (this.#checks.size > REMEMBERED) this.#checks.delete(this.#checks.keys().next().value!);
    // A failed check is looked at again: the file may have been restored meanwhile.
    check.catch(() => this.#checks.delete(digest));
    return check;
  }

  async #makeDurable(digest: string): Promise<void> {
    await syncFolder(this.#folder);
    await syncFolder(join(this.#folder, place(digest).prefix));
    if (this.#durable.size >= REMEMBERED) this.#durable.clear();
    this.#durable.add(digest);
  }
}

/** Where content lies. The check of the form also keeps `..` and the like out of paths. */
function place(digest: string): { prefix: string; name: string; shown: string } {
  if (!isDigest(digest))
    throw invalid('content', [
      { place: 'digest', problem: `${JSON.stringify(digest.slice(0, 100))} is none: write sha256: and 64 hex digits` },
    ]);
  const name = digest.slice('sha256:'.length);
  return { prefix: name.slice(0, 2), name, shown: `content/${name.slice(0, 2)}/${name}` };
}

function missing(digest: string): never {
  throw new AppError('not_found', `content ${digest} is not in the store`);
}

const damaged = (digest: string): AppError =>
  new AppError(
    'internal',
    `store, ${place(digest).shown}: the bytes do not match the digest any more: remove the file and upload the content again`,
  );

async function copyChecked(file: FileHandle, digest: string, chunks: AsyncIterable<Uint8Array>, maxBytes: number): Promise<void> {
  const { digest: found, sizeBytes } = await copyHashed(file, `content ${digest}`, chunks, maxBytes);
  if (found !== digest)
    throw invalid(`content ${digest}`, [
      { place: '', problem: `the ${sizeBytes} bytes received have the digest ${found}: send the bytes that the digest was made of` },
    ]);
}

async function copyHashed(
  file: FileHandle,
  what: string,
  chunks: AsyncIterable<Uint8Array>,
  maxBytes: number,
): Promise<{ digest: string; sizeBytes: number }> {
  const hash = createHash('sha256');
  let sizeBytes = 0;
  for await (const chunk of chunks) {
    sizeBytes += chunk.length;
    if (sizeBytes > maxBytes) throw invalid(what, [{ place: '', problem: `more than ${maxBytes} bytes: make it smaller, or split it` }]);
    hash.update(chunk);
    await writeFully(file, chunk);
  }
  return { digest: `sha256:${hash.digest('hex')}`, sizeBytes };
}

async function readRange(file: FileHandle, range: { offset: number; length: number }, digest: string): Promise<Buffer> {
  const { offset, length } = range;
  const { size } = await file.stat();
  if (!Number.isSafeInteger(offset) || !Number.isSafeInteger(length) || offset < 0 || length < 0 || offset + length > size) {
    throw invalid(`content ${digest}`, [{ place: 'range', problem: `${length} bytes from ${offset} do not lie within its ${size} bytes` }]);
  }
  const bytes = Buffer.allocUnsafeSlow(length);
  for (let done = 0; done < length;) {
    const { bytesRead } = await file.read(bytes, done, length - done, offset + done);
    if (bytesRead === 0) throw damaged(digest);
    done += bytesRead;
  }
  return bytes;
}
