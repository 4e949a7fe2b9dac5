/**
 * Reads the samples of a task from the store: first the index entries, then the dataset's lines, both by range through a
 * bounded cache of blocks. See `dataset.ts` for the index.
 */
import { AppError } from '../../shared/domain/errors.ts';
import { INDEX_ENTRY_BYTES, readIndexEntry } from './intake/dataset.ts';

const BLOCK_BYTES = 256 << 10;
const CACHED_BLOCKS = 32;

/** The two things that reading needs of the store. */
export interface RangeReader {
  contentSize(digest: string): Promise<number>;
  readContent(digest: string, range?: { offset: number; length: number }): Promise<Buffer>;
}

export interface SampleLine {
  /** Place in the dataset, from 1. */
  ordinal: number;
  line: Buffer;
}

/** Bytes of the lines of consecutive samples. */
export interface SampleSizes {
  sizes(indexDigest: string, first: number, count: number): Promise<number[]>;
}

export class SampleReader implements SampleSizes {
  readonly #source: RangeReader;
  readonly #blocks = new Map<string, Promise<Buffer>>();

  constructor(source: RangeReader) {
    this.#source = source;
  }

  async sizes(indexDigest: string, first: number, count: number): Promise<number[]> {
    const raw = await this.#read(indexDigest, first * INDEX_ENTRY_BYTES, count * INDEX_ENTRY_BYTES);
    return Array.from({ length: count }, (_, i) => readIndexEntry(raw, i).length);
  }

  /** The lines of consecutive samples. */
  async lines(indexDigest: string, datasetDigest: string, first: number, count: number): Promise<SampleLine[]> {
    const raw = await this.#read(indexDigest, first * INDEX_ENTRY_BYTES, count * INDEX_ENTRY_BYTES);
    const lines: SampleLine[] = [];
    for (let i = 0; i < count; i++) {
      const { offset, length, ordinal } = readIndexEntry(raw, i);
      lines.push({ ordinal, line: await this.#read(datasetDigest, offset, length) });
    }
    return lines;
  }

  async #read(digest: string, offset: number, length: number): Promise<Buffer> {
    if (length > BLOCK_BYTES) return this.#exactly(digest, await this.#source.readContent(digest, { offset, length }), length);
    const parts: Buffer[] = [];
    for (let at = offset; at < offset + length;) {
      const block = Math.floor(at / BLOCK_BYTES);
      const data = await this.#block(digest, block);
      const from = at - block * BLOCK_BYTES;
      const part = data.subarray(from, Math.min(BLOCK_BYTES, from + offset + length - at));
      if (part.length === 0) break;
      parts.push(part);
      at += part.length;
    }
    return this.#exactly(digest, parts.length === 1 ? parts[0]! : Buffer.concat(parts), length);
  }

  #exactly(digest: string, data: Buffer, length: number): Buffer {
    if (data.length !== length) throw new AppError('internal', `the store's ${digest} is shorter than its index says`);
    return data;
  }

  #block(digest: string, block: number): Promise<Buffer> {
    const key = `${digest}/${block}`;
    let data = this.#blocks.get(key);
    if (data) this.#blocks.delete(key);
    else {
      data = this.#load(digest, block * BLOCK_BYTES);
      data.catch(() => this.#blocks.delete(key));
    }
    this.#blocks.set(key, data);
    if (this.#blocks.size > CACHED_BLOCKS) this.#blocks.delete(this.#blocks.keys().next().value!);
    return data;
  }

  async #load(digest: string, offset: number): Promise<Buffer> {
    const size = await this.#source.contentSize(digest);
    return this.#source.readContent(digest, { offset, length: Math.max(0, Math.min(BLOCK_BYTES, size - offset)) });
  }
}
