/**
 * Any dataset that a spec may name, as JSONL in the store: from an upload, from the spec itself, from the web; compressed or not;
 * JSONL, JSON, CSV or TSV. Read as a stream, with one record in memory. The same bytes give the same digest.
 */
import { AppError, invalid } from '../../shared/domain/errors.ts';
import { holdsContent } from '../store/claims.ts';
import type { Store } from '../store/store.ts';
import { COMPRESSION_NAMES, compressionOf, CompressionProblem, decompress, peek } from './decompress.ts';
import { FaultList, type PlaceWord } from './fault-list.ts';
import { fetchDataset, type FetchOptions } from './fetch.ts';
import { FORMATS } from './formats.ts';
import { sourceOf, type Compression, type DatasetRef, type DatasetSource } from './source.ts';

/** Faults that one dataset tells. */
export const MAX_DATASET_FAULTS = 20;
/** Made JSONL that is remembered by what it was made from; forgetting costs making it again. */
const REMEMBERED = 256;

export interface PreparedDataset {
  /** Of the JSONL in the store. */
  digest: string;
  /** For messages about its records. */
  name: string;
  word: PlaceWord;
}

/** The store, for what becomes a namespace's: kept within what the namespace may hold. */
export interface ContentStore extends Pick<Store, 'claims' | 'hasContent' | 'streamContent'> {
  putContent(digest: string, chunks: AsyncIterable<Uint8Array>, maxBytes: number, namespace: string): Promise<void>;
  /** `again`: the same chunks once more. */
  addContent(
    chunks: AsyncIterable<Uint8Array>,
    maxBytes: number,
    of: { namespace: string; again: () => AsyncIterable<Uint8Array> },
  ): Promise<{ digest: string }>;
}

export interface DatasetsOptions {
  store: ContentStore;
  maxContentBytes: number;
  /** Whether `https:` datasets may come from private networks. */
  fetchPrivate: boolean;
  /** Tests give their own limits, names and authorities. */
  fetch?: Partial<FetchOptions>;
}

export class Datasets {
  readonly #store: ContentStore;
  readonly #maxBytes: number;
  readonly #fetch: FetchOptions;
  readonly #made = new Map<string, string>();

  constructor(options: DatasetsOptions) {
    this.#store = options.store;
    this.#maxBytes = options.maxContentBytes;
    this.#fetch = { maxBytes: options.maxContentBytes, allowPrivate: options.fetchPrivate, ...options.fetch };
  }

  /**
   * Puts a dataset into the store as JSONL. Throws AppError invalid with all faults; a place that begins with a dot is a field
   * beside the reference (`.uri`), any other one a line of the content. A digest names what the namespace holds, and nothing else.
   */
  async prepare(ref: DatasetRef, namespace: string): Promise<PreparedDataset> {
    const source = sourceOf(ref);
    const { word } = FORMATS[source.format];
    return { digest: await this.#digestOf(ref, source, namespace), name: source.name, word };
  }

  async #digestOf(ref: DatasetRef, source: DatasetSource, namespace: string): Promise<string> {
    const { digest } = ref;
    if (digest && (await holdsContent(this.#store, namespace, digest))) return this.#fromStore(digest, source, namespace);
    if (source.origin.kind === 'file')
      throw beside(
        source,
        'digest',
        digest
          ? `the namespace ${JSON.stringify(namespace)} has no content ${digest}; upload it there first (UploadContent)`
          : `${ref.uri.slice(0, 200)} has no digest; upload its content first (UploadContent) and name its digest`,
      );
    if (!digest) return this.#make(this.#bytesOf(source), source, namespace, () => this.#bytesOf(source));
    // Pinned: kept as it came, so that it is not fetched again.
    try {
      await this.#store.putContent(digest, this.#bytesOf(source), this.#maxBytes, namespace);
      await this.#store.claims.put(namespace, digest);
    } catch (error) {
      const problem = AppError.from(error);
      if (problem.code !== 'invalid' || problem.faults.some((fault) => fault.place.startsWith('.'))) throw problem;
      throw beside(source, 'digest', `is not that of ${source.name}, or its content has changed; correct the digest, or leave it out`);
    }
    return this.#fromStore(digest, source, namespace);
  }

  async *#bytesOf({ origin, ...source }: DatasetSource): AsyncGenerator<Buffer, void, undefined> {
    if (origin.kind === 'inline') yield Buffer.from(origin.text);
    if (origin.kind !== 'url') return;
    try {
      yield* fetchDataset(origin.url, this.#fetch);
    } catch (error) {
      const problem = AppError.from(error);
      throw problem.code === 'invalid' ? beside(source, 'uri', problem.message) : problem;
    }
  }

  /** JSONL that is not compressed is used as it is. What was made for others is made again: how long it takes tells nothing of them. */
  async #fromStore(digest: string, source: DatasetSource, namespace: string): Promise<string> {
    const key = JSON.stringify([namespace, digest, source.format, source.promised, source.columns]);
    const known = this.#made.get(key);
    if (known && (await this.#store.hasContent(known))) return known;
    const stream = this.#store.streamContent(digest);
    const { head, chunks } = await peek(stream);
    if (source.format === 'jsonl' && !compressionOf(head)) {
      stream.destroy();
      checkPromise(source, undefined);
      return digest;
    }
    const made = await this.#make(chunks, source, namespace, () => this.#store.streamContent(digest));
    this.#made.set(key, made);
    if (this.#made.size > REMEMBERED) this.#made.delete(this.#made.keys().next().value!);
    return made;
  }

  /** Writes what the bytes hold as JSONL; nothing is left of it with a fault. */
  async #make(
    bytes: AsyncIterable<Uint8Array>,
    source: DatasetSource,
    namespace: string,
    bytesAgain: () => AsyncIterable<Uint8Array>,
  ): Promise<string> {
    const again = (): AsyncIterable<Uint8Array> => this.#jsonl(bytesAgain(), source);
    return (await this.#store.addContent(this.#jsonl(bytes, source), this.#maxBytes, { namespace, again })).digest;
  }

  async *#jsonl(bytes: AsyncIterable<Uint8Array>, source: DatasetSource): AsyncGenerator<Uint8Array, void, undefined> {
    const { word, toJsonl } = FORMATS[source.format];
    const faults = new FaultList(source.name, MAX_DATASET_FAULTS, word);
    const plain = this.#decompressed(bytes, source);
    yield* toJsonl ? toJsonl(plain, faults, source.columns) : plain;
    const error = faults.error('dataset');
    if (error) throw error;
  }

  async *#decompressed(bytes: AsyncIterable<Uint8Array>, source: DatasetSource): AsyncGenerator<Uint8Array, void, undefined> {
    const { head, chunks } = await peek(bytes);
    const compression = compressionOf(head);
    checkPromise(source, compression);
    if (!compression) return yield* chunks;
    try {
      yield* decompress(chunks, compression, this.#maxBytes);
    } catch (error) {
      throw error instanceof CompressionProblem ? invalid('dataset', [{ place: source.name, problem: error.message }]) : error;
    }
  }
}

/** A name that ends in .gz or .zst promises what the content must be. */
function checkPromise({ promised, name }: DatasetSource, found: Compression | undefined): void {
  if (promised === 'none' || promised === found) return;
  const problem = `is ${found ? COMPRESSION_NAMES[found] : 'not compressed'}, though its name promises ${COMPRESSION_NAMES[promised]}; name it by what it is`;
  throw invalid('dataset', [{ place: name, problem }]);
}

const beside = ({ name }: { name: string }, field: 'uri' | 'digest', problem: string): AppError =>
  invalid(`dataset ${name}`, [{ place: `.${field}`, problem }]);
