/** Content by digest as bytes: the form of a digest, the check of what comes in, the words for what is wrong. The same for every store. */
import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { AppError, invalid } from '../../shared/domain/errors.ts';
import { isDigest } from '../../shared/domain/ids.ts';
import { writeFully } from './files.ts';

/** The hex digits of a digest. The check of its form also keeps `..` and the like out of paths. */
export function hexOf(digest: string): string {
  if (!isDigest(digest))
    throw invalid('content', [
      { place: 'digest', problem: `${JSON.stringify(digest.slice(0, 100))} is none: write sha256: and 64 hex digits` },
    ]);
  return digest.slice('sha256:'.length);
}

export function missingContent(digest: string): never {
  throw new AppError('not_found', `content ${digest} is not in the store`);
}

/** `shown`: where in the store it lies, for people. */
export const damagedContent = (shown: string): AppError =>
  new AppError('internal', `store, ${shown}: the bytes do not match the digest any more: remove the file and upload the content again`);

/** Throws `invalid` for a range that does not lie within the content. */
export function checkRange(digest: string, { offset, length }: { offset: number; length: number }, size: number): void {
  if (!Number.isSafeInteger(offset) || !Number.isSafeInteger(length) || offset < 0 || length < 0 || offset + length > size)
    throw invalid(`content ${digest}`, [{ place: 'range', problem: `${length} bytes from ${offset} do not lie within its ${size} bytes` }]);
}

/** Writes the chunks into the file; throws `invalid` when they are more than `maxBytes`, or not what the digest was made of. */
export async function copyChecked(file: FileHandle, digest: string, chunks: AsyncIterable<Uint8Array>, maxBytes: number): Promise<number> {
  const { digest: found, sizeBytes } = await copyHashed(file, `content ${digest}`, chunks, maxBytes);
  if (found !== digest)
    throw invalid(`content ${digest}`, [
      { place: '', problem: `the ${sizeBytes} bytes received have the digest ${found}: send the bytes that the digest was made of` },
    ]);
  return sizeBytes;
}

export async function copyHashed(
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

/** Checks that were made once in this process: content never changes, so one look at the whole is enough. */
export class CheckedOnce {
  readonly #checks = new Map<string, Promise<void>>();

  /** `check` reads the whole content, and throws when it does not match. */
  run(digest: string, check: () => Promise<void>): Promise<void> {
    const known = this.#checks.get(digest);
    if (known) return known;
    const running = check();
    this.#checks.set(digest, running);
    if (this.#checks.size > REMEMBERED) this.#checks.delete(this.#checks.keys().next().value!);
    // A failed check is looked at again: the content may have been restored meanwhile.
    running.catch(() => this.#checks.delete(digest));
    return running;
  }
}

/** Digests remembered as checked; forgetting one only costs another look. */
const REMEMBERED = 4096;
