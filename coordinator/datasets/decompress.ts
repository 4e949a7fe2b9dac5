/** Undoes gzip and Zstandard, told by the content's first bytes, and never makes more than it is allowed to. */
import { createGunzip, createZstdDecompress, type Gunzip, type ZstdDecompress } from 'node:zlib';
import { AppError } from '../../shared/domain/errors.ts';
import type { Compression } from './source.ts';

/** What a compressed byte may become at most, once the content is larger than `FREE_BYTES`. */
const MAX_RATIO = 200;
const FREE_BYTES = 64 * 1024 * 1024;
const MI = 1024 * 1024;

/** As people call them. */
export const COMPRESSION_NAMES: Readonly<Record<Compression, string>> = { gzip: 'gzip', zstd: 'Zstandard' };

/** The content is damaged, or becomes too large. */
export class CompressionProblem extends AppError {
  constructor(problem: string) {
    super('invalid', problem);
  }
}

/** How the content is compressed, by its first four bytes; neither mark can begin a text. */
export function compressionOf(head: Uint8Array): Compression | undefined {
  if (head[0] === 0x1f && head[1] === 0x8b) return 'gzip';
  if (head[0] === 0x28 && head[1] === 0xb5 && head[2] === 0x2f && head[3] === 0xfd) return 'zstd';
  return undefined;
}

/** The first four bytes (fewer of shorter content) and all chunks, the first ones included. */
export async function peek(chunks: AsyncIterable<Uint8Array>): Promise<{ head: Buffer; chunks: AsyncIterable<Uint8Array> }> {
  const iterator = chunks[Symbol.asyncIterator]();
  let head = Buffer.alloc(0);
  while (head.length < 4) {
    const next = await iterator.next();
    if (next.done) break;
    head = Buffer.concat([head, next.value]);
  }
  return {
    head: head.subarray(0, 4),
    chunks: (async function* () {
      try {
        if (head.length > 0) yield head;
        yield* { [Symbol.asyncIterator]: () => iterator };
      } finally {
        await iterator.return?.();
      }
    })(),
  };
}

/** The decompressed chunks. Throws CompressionProblem for what is damaged, ends too early or becomes too large. */
export async function* decompress(
  chunks: AsyncIterable<Uint8Array>,
  compression: Compression,
  maxBytes: number,
): AsyncGenerator<Buffer, void, undefined> {
  const source: Source = { chunks: chunks[Symbol.asyncIterator](), in: 0, rest: undefined };
  let out = 0;
  try {
    do {
      const engine = compression === 'gzip' ? createGunzip() : createZstdDecompress();
      for await (const chunk of inflate(engine, source)) {
        out += chunk.length;
        checkSize(source.in, out, compression, maxBytes);
        yield chunk;
      }
    } while (source.rest);
  } catch (error) {
    throw explained(error, compression);
  } finally {
    await source.chunks.return?.();
  }
}

interface Source {
  chunks: AsyncIterator<Uint8Array>;
  /** Compressed bytes taken so far. */
  in: number;
  /** What follows a Zstandard frame in the same chunk: the engine stops there, and a file may hold several. */
  rest: Uint8Array | undefined;
}

async function* inflate(engine: Gunzip | ZstdDecompress, source: Source): AsyncGenerator<Buffer, void, undefined> {
  const pumped = pump(engine, source).catch((error: unknown) => void engine.destroy(error as Error));
  try {
    yield* engine as AsyncIterable<Buffer>;
  } finally {
    engine.destroy();
    await pumped;
  }
}

/** Writes chunk by chunk, so that what the engine did not take is known. */
async function pump(engine: Gunzip | ZstdDecompress, source: Source): Promise<void> {
  // An engine that fails in the middle of a write never answers it.
  const closed = new Promise<boolean>((resolve) => engine.once('close', () => resolve(true)));
  let fed = 0;
  let chunk = source.rest;
  source.rest = undefined;
  while (!engine.destroyed) {
    if (!chunk) {
      const next = await source.chunks.next();
      if (next.done) return void engine.end();
      chunk = next.value;
      source.in += chunk.length;
    }
    const length = chunk.length;
    const written = new Promise<boolean>((resolve) => void engine.write(chunk, (error) => resolve(error instanceof Error)));
    if (await Promise.race([written, closed])) return; // the engine tells its reader why
    fed += length;
    const left = fed - engine.bytesWritten;
    if (left > 0) {
      source.rest = chunk.subarray(length - left);
      return;
    }
    chunk = undefined;
  }
}

function checkSize(bytesIn: number, bytesOut: number, compression: Compression, maxBytes: number): void {
  if (bytesOut > maxBytes)
    throw new CompressionProblem(
      `has more than ${maxBytes} bytes when its ${COMPRESSION_NAMES[compression]} is undone; split it, or raise --max-content-bytes`,
    );
  if (bytesOut > FREE_BYTES && bytesOut > bytesIn * MAX_RATIO)
    throw new CompressionProblem(
      `becomes more than ${MAX_RATIO} times as large when its ${COMPRESSION_NAMES[compression]} is undone (${Math.floor(bytesOut / MI)} MiB so far), as harmful files do; upload it uncompressed if it is meant`,
    );
}

function explained(error: unknown, compression: Compression): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  if (error instanceof CompressionProblem || !/^(?:Z_|ZSTD_)/.test(code ?? '')) return error;
  const name = COMPRESSION_NAMES[compression];
  if (code === 'Z_BUF_ERROR') return new CompressionProblem(`ends in the middle of its ${name} data; it was not copied as a whole`);
  return new CompressionProblem(`is no valid ${name} (${message}); compress it again`);
}
