/** A store in memory that holds content, and datasets made over it. */
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { Datasets, type ContentStore, type DatasetsOptions } from '../../coordinator/datasets/datasets.ts';
import type { DatasetRef } from '../../coordinator/datasets/source.ts';
import { AppError, invalid } from '../../shared/domain/errors.ts';

export const digestOfBytes = (bytes: Uint8Array): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

/** Content in chunks of a given size. */
export function* inChunks(content: Uint8Array | string, chunkBytes: number): Generator<Buffer> {
  const bytes = Buffer.from(content);
  for (let at = 0; at < bytes.length; at += chunkBytes) yield bytes.subarray(at, at + chunkBytes);
}

export class MemoryStore implements ContentStore {
  readonly content = new Map<string, Buffer>();
  readonly #claims = new Set<string>();
  readonly claims = {
    has: async (namespace: string, digest: string) => this.#claims.has(`${namespace} ${digest}`),
    put: async (namespace: string, digest: string) => void this.#claims.add(`${namespace} ${digest}`),
    of: () => {
      throw new Error('nobody asks');
    },
  };
  /** Streams are cut into chunks of so many bytes. */
  chunkBytes = 7;

  /** Keeps content, as an upload to `default` does; returns its digest. */
  upload(content: Uint8Array | string): string {
    const digest = this.#keep(Buffer.from(content));
    this.#claims.add(`default ${digest}`);
    return digest;
  }

  #keep(bytes: Buffer): string {
    const digest = digestOfBytes(bytes);
    this.content.set(digest, bytes);
    return digest;
  }

  async hasContent(digest: string): Promise<boolean> {
    return this.content.has(digest);
  }

  async putContent(digest: string, chunks: AsyncIterable<Uint8Array>, maxBytes: number): Promise<void> {
    const bytes = await all(chunks, maxBytes);
    if (digestOfBytes(bytes) !== digest) throw new AppError('invalid', 'another digest');
    this.content.set(digest, bytes);
  }

  async addContent(chunks: AsyncIterable<Uint8Array>, maxBytes: number): Promise<{ digest: string; sizeBytes: number }> {
    const bytes = await all(chunks, maxBytes);
    return { digest: this.#keep(bytes), sizeBytes: bytes.length };
  }

  async readContent(digest: string, range = { offset: 0, length: this.content.get(digest)!.length }): Promise<Buffer> {
    return this.content.get(digest)!.subarray(range.offset, range.offset + range.length);
  }

  streamContent(digest: string): Readable {
    return Readable.from(inChunks(this.content.get(digest)!, this.chunkBytes));
  }
}

async function all(chunks: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.length;
    if (size > maxBytes) throw invalid('content', [{ place: '', problem: `more than ${maxBytes} bytes: make it smaller, or split it` }]);
    pieces.push(Uint8Array.from(chunk));
  }
  return Buffer.concat(pieces);
}

export interface TestDatasets {
  store: MemoryStore;
  datasets: Datasets;
  /** The JSONL that a dataset becomes. */
  jsonl(ref: DatasetRef): Promise<string>;
  /** The JSONL that an uploaded file of this name becomes. */
  upload(name: string, content: Uint8Array | string): Promise<string>;
  /** The message of the faults of an uploaded file, or `none`. */
  faults(name: string, content: Uint8Array | string): Promise<string>;
}

export function testDatasets(options: Partial<DatasetsOptions> = {}): TestDatasets {
  const store = new MemoryStore();
  const datasets = new Datasets({ store, maxContentBytes: 1 << 30, fetchPrivate: true, ...options });
  const jsonl = async (ref: DatasetRef): Promise<string> => store.content.get((await datasets.prepare(ref, 'default')).digest)!.toString();
  const upload = (name: string, content: Uint8Array | string): Promise<string> =>
    jsonl({ uri: `file:${name}`, digest: store.upload(content) });
  const faults = (name: string, content: Uint8Array | string): Promise<string> =>
    upload(name, content).then(
      () => 'none',
      (error: Error) => error.message,
    );
  return { store, datasets, jsonl, upload, faults };
}
