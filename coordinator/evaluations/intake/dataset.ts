/**
 * One pass over a dataset: every line validated, samples chosen, and where each lies written into an index, so that any
 * sample can be read by range later. Memory: one line, 16 bytes per chosen sample, 32 to 64 per sample for the ids.
 *
 * The index, 16 bytes per sample in the evaluation's sample order, big-endian:
 *
 *   offset   u48   of the line's first byte in the dataset
 *   length   u32   bytes of the line, without its line feed
 *   ordinal  u48   the line's number among the dataset's samples, from 1 (blank lines are none)
 */
import { AppError } from '../../../shared/domain/errors.ts';
import { inputTokensOf } from '../../../shared/domain/estimate.ts';
import { compileBenchmark, type Prompt, type Sample } from '../../../shared/domain/sample.ts';
import type { BenchmarkSpec } from '../../../shared/domain/spec.ts';
import { hitBounds } from '../../../shared/domain/template.ts';
import { Breather } from '../../../shared/runtime/breather.ts';
import type { Clock } from '../../../shared/runtime/clock.ts';
import { FaultList, type PlaceWord } from '../../datasets/fault-list.ts';
import { hasHalfCharacter } from '../../datasets/half-characters.ts';
import { jsonLines, MAX_LINE_BYTES, type JsonLine } from '../../datasets/json-lines.ts';
import { sourceOf } from '../../datasets/source.ts';
import { IdTable } from './id-table.ts';
import { LabelCheck } from '../../../shared/scoring/metrics/label-check.ts';
import { seededRandom } from './seeded-random.ts';

export const INDEX_ENTRY_BYTES = 16;
/** Samples that one dataset may have. */
export const MAX_SAMPLES = 20_000_000;

export interface IndexEntry {
  offset: number;
  length: number;
  ordinal: number;
}

export function readIndexEntry(index: Buffer, i: number): IndexEntry {
  const at = i * INDEX_ENTRY_BYTES;
  return { offset: index.readUIntBE(at, 6), length: index.readUInt32BE(at + 6), ordinal: index.readUIntBE(at + 10, 6) };
}

function writeIndexEntry(index: Buffer, i: number, entry: IndexEntry): void {
  const at = i * INDEX_ENTRY_BYTES;
  index.writeUIntBE(entry.offset, at, 6);
  index.writeUInt32BE(entry.length, at + 6);
  index.writeUIntBE(entry.ordinal, at + 10, 6);
}

export interface IndexedDataset {
  index: Buffer;
  samples: number;
  /** Of the prompts of all these samples without examples, roughly; of a limited or shuffled choice, by the average. */
  promptTokens: number;
  /** Whether any of the inputs read is a list of messages. */
  hasMessages: boolean;
}

/**
 * Indexes a dataset as JSONL. Throws AppError invalid with the first `maxFaults` faults, each with the dataset's name and
 * its line; lines with the same fault are one. With `limit` and without `shuffle` reading ends at the last sample that is wanted.
 *
 * `name`, `word`: of the dataset and its records in messages, as `Datasets.prepare` gives them.
 */
export async function indexDataset(options: {
  stream: AsyncIterable<Uint8Array>;
  benchmark: BenchmarkSpec;
  maxFaults: number;
  name?: string;
  word?: PlaceWord;
  /** Where the spec names the ids that are wanted, for messages. */
  idsAt?: string;
  clock?: Clock;
}): Promise<IndexedDataset> {
  const { stream, benchmark, maxFaults } = options;
  const { name = sourceOf(benchmark.dataset).name } = options;
  const scan = new DatasetScan(benchmark, options.word, options.idsAt);
  const faults = new FaultList(name, maxFaults, options.word);
  const breather = new Breather(options.clock ? { clock: options.clock } : {});
  for await (const line of jsonLines(stream)) {
    const problem = await breather.run(() => scan.take(line));
    if (problem !== undefined) faults.add(problem, line.number);
    if (faults.full || scan.full || scan.isSlow) break;
  }
  // What was not seen because reading broke off is no fault of the ids.
  if (!faults.full && !scan.isSlow) for (const problem of scan.faultsAtEnd()) faults.addWhole(problem);
  const error = faults.error(`benchmark ${benchmark.benchmark}: dataset`);
  if (error) throw error;
  return scan.chosen();
}

/** What one pass learns: the chosen samples' places, and which ids there were. */
class DatasetScan {
  readonly #benchmark: BenchmarkSpec;
  readonly #compiled: ReturnType<typeof compileBenchmark>;
  readonly #seen = new IdTable();
  /** The ids asked for that were not yet found; undefined: all samples. */
  readonly #wanted: Set<string> | undefined;
  #entries = Buffer.alloc(1024 * INDEX_ENTRY_BYTES);
  #count = 0;
  #ordinal = 0;
  #isSlow = false;
  /** Of the prompts of the entries. */
  #promptTokens = 0;
  #hasMessages = false;
  readonly #word: PlaceWord;
  readonly #labels: LabelCheck;
  readonly #idsAt: string;

  constructor(benchmark: BenchmarkSpec, word: PlaceWord = 'line', idsAt = 'dataset.ids') {
    this.#benchmark = benchmark;
    this.#idsAt = idsAt;
    this.#word = word;
    this.#compiled = compileBenchmark(benchmark);
    this.#labels = new LabelCheck(benchmark.metrics);
    this.#wanted = benchmark.dataset.ids && new Set(benchmark.dataset.ids.map(String));
  }

  /** Whether later lines can change nothing. */
  get full(): boolean {
    const { limit, shuffle } = this.#benchmark.dataset;
    return limit !== undefined && shuffle === undefined && this.#count >= limit;
  }

  /** Whether a template took too long: it would with each line, and nothing else runs meanwhile. */
  get isSlow(): boolean {
    return this.#isSlow;
  }

  /** Takes a line in; returns what is wrong with it. */
  take(line: JsonLine): string | undefined {
    this.#ordinal++;
    if (this.#ordinal > MAX_SAMPLES)
      throw new AppError(
        'invalid',
        `benchmark ${this.#benchmark.benchmark}: dataset has more than ${MAX_SAMPLES} samples; split it into several benchmarks`,
      );
    if (line.content === undefined) return `has more than ${MAX_LINE_BYTES} bytes; shorten it`;
    let sample: Sample;
    let prompt: Prompt;
    try {
      sample = this.#compiled.map(line.content, this.#ordinal);
      // The prompt is made where the sample runs; made here too, what it lacks is known before anything runs.
      prompt = this.#compiled.messages(sample, this.#ordinal);
    } catch (error) {
      this.#isSlow ||= hitBounds(error);
      return AppError.from(error).message;
    }
    if (hasHalfCharacter(line.content))
      return 'has half of a character (a \\ud800 … \\udfff without its other half), which no text has; save the dataset anew from its source';
    const earlier = this.#seen.add(String(sample.id), line.number);
    if (earlier !== undefined)
      return `has the id ${JSON.stringify(sample.id)}, as ${this.#word} ${earlier} has; name a field that is unique in dataset.fields.id`;
    if (this.#wanted && !this.#wanted.delete(String(sample.id))) return undefined;
    const unlabelled = this.#labels.take(sample.metadata);
    if (unlabelled !== undefined) return unlabelled;
    this.#promptTokens += inputTokensOf(prompt);
    this.#hasMessages ||= typeof sample.input !== 'string';
    this.#append({ offset: line.offset, length: line.content.length, ordinal: this.#ordinal });
    return undefined;
  }

  faultsAtEnd(): string[] {
    if (this.#ordinal === 0) return ['is empty; a dataset has one JSON object on each line'];
    const faults = this.#labels.faultsAtEnd(this.#chosenCount);
    if (!this.#wanted || this.#wanted.size === 0) return faults;
    const missing = [...this.#wanted];
    const more = missing.length > 10 ? ` and ${missing.length - 10} more` : '';
    return [
      ...faults,
      `has no sample with the id ${missing
        .slice(0, 10)
        .map((id) => JSON.stringify(id))
        .join(', ')}${more} (${this.#idsAt}); ids are numbers from 1 unless dataset.fields.id names a field`,
    ];
  }

  get #chosenCount(): number {
    return Math.min(this.#benchmark.dataset.limit ?? this.#count, this.#count);
  }

  /** The index of what was chosen, in sample order. */
  chosen(): IndexedDataset {
    const { shuffle } = this.#benchmark.dataset;
    const samples = this.#chosenCount;
    if (shuffle !== undefined) this.#shuffle(seededRandom(shuffle), samples);
    return {
      index: Buffer.from(this.#entries.subarray(0, samples * INDEX_ENTRY_BYTES)),
      samples,
      promptTokens: this.#count === 0 ? 0 : Math.round((this.#promptTokens * samples) / this.#count),
      hasMessages: this.#hasMessages,
    };
  }

  /**
   * Fisher–Yates from the front: place i gets one of the entries from i on. So the first samples of a seed are the same
   * for every limit.
   */
  #shuffle(below: (bound: number) => number, samples: number): void {
    for (let i = 0; i < samples; i++) {
      const j = i + below(this.#count - i);
      const entry = readIndexEntry(this.#entries, i);
      writeIndexEntry(this.#entries, i, readIndexEntry(this.#entries, j));
      writeIndexEntry(this.#entries, j, entry);
    }
  }

  #append(entry: IndexEntry): void {
    if ((this.#count + 1) * INDEX_ENTRY_BYTES > this.#entries.length) {
      const larger = Buffer.alloc(this.#entries.length * 2);
      this.#entries.copy(larger);
      this.#entries = larger;
    }
    writeIndexEntry(this.#entries, this.#count++, entry);
  }
}
