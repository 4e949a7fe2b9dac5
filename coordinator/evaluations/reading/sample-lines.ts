/** Samples of an evaluation from its datasets: by their place, and by their ids. */
import { AppError } from '../../../shared/domain/errors.ts';
import { answersOf, datasetDigestOf, taskContextOf, type Group, type Manifest } from '../../../shared/domain/manifest.ts';
import { compileBenchmark, type CompiledBenchmark, type Sample } from '../../../shared/domain/sample.ts';
import { Breather } from '../../../shared/runtime/breather.ts';
import type { Clock } from '../../../shared/runtime/clock.ts';
import type { SampleLine } from '../sample-reader.ts';

/** Lines read at a time by a search. */
const BATCH = 256;
const KEPT_BENCHMARKS = 32;
const KEPT_IDS = 20_000;

interface LineReader {
  lines(indexDigest: string, datasetDigest: string, first: number, count: number): Promise<SampleLine[]>;
}

export class SampleLines {
  readonly #reader: LineReader;
  readonly #breather: Breather;
  readonly #compiled = new Map<string, CompiledBenchmark>();
  /** Places of samples that were searched for, by index and id; the longest unused first. */
  readonly #places = new Map<string, number>();

  constructor(reader: LineReader, clock?: Pick<Clock, 'monotonic' | 'soon'>) {
    this.#reader = reader;
    this.#breather = new Breather(clock ? { clock } : {});
  }

  /** A benchmark with its templates compiled; of a group of judge calls that of the answers. */
  compiled(manifest: Manifest, group: Group): CompiledBenchmark {
    return kept(this.#compiled, `${manifest.evaluationId} ${manifest.createdAtMs} ${group.benchmarkIndex}`, KEPT_BENCHMARKS, () =>
      compileBenchmark(
        taskContextOf(manifest, answersOf(manifest.groups, group)).benchmark,
        manifest.fewshots?.[group.benchmarkIndex] ?? [],
      ),
    );
  }

  /** The sample at a place (from 0) of a group's benchmark, and its number in the dataset. */
  async sample(manifest: Manifest, group: Group, place: number): Promise<{ sample: Sample; ordinal: number }> {
    const [found] = await this.samples(manifest, group, place, 1);
    return found!;
  }

  /** Those at consecutive places, with the bytes of their lines. */
  async samples(
    manifest: Manifest,
    group: Group,
    first: number,
    count: number,
  ): Promise<{ sample: Sample; ordinal: number; bytes: number }[]> {
    const compiled = this.compiled(manifest, group);
    const samples = [];
    for (const { line, ordinal } of await this.#lines(manifest, group.benchmarkIndex, first, count))
      samples.push({ sample: await this.#breather.run(() => compiled.map(line, ordinal)), ordinal, bytes: line.length });
    return samples;
  }

  /** The id at a place; '' when the dataset is not there any more. */
  async idAt(manifest: Manifest, group: Group, place: number): Promise<string> {
    return this.sample(manifest, group, place).then(
      ({ sample }) => String(sample.id),
      (error: unknown) => {
        if (AppError.from(error).code === 'not_found') return '';
        throw error;
      },
    );
  }

  /** The places of the samples with these ids. Reads on until all are found: to the end, when one is not there. */
  async find(manifest: Manifest, benchmarkIndex: number, ids: ReadonlySet<string>, signal?: AbortSignal): Promise<Map<string, number>> {
    const group = manifest.groups.find((g) => g.benchmarkIndex === benchmarkIndex)!;
    const index = manifest.sampleIndexes[benchmarkIndex]!;
    const found = new Map<string, number>();
    const missing = new Set<string>();
    for (const id of ids) {
      const place = this.#places.get(`${index} ${id}`) ?? (await this.#guess(manifest, group, id));
      if (place === undefined) missing.add(id);
      else found.set(id, place);
    }
    const compiled = this.compiled(manifest, group);
    for (let first = 0; first < group.samples && missing.size > 0; first += BATCH) {
      signal?.throwIfAborted();
      const lines = await this.#lines(manifest, benchmarkIndex, first, Math.min(BATCH, group.samples - first));
      for (const [i, { line, ordinal }] of lines.entries()) {
        const id = String((await this.#breather.run(() => compiled.map(line, ordinal))).id);
        if (!missing.delete(id)) continue;
        found.set(id, first + i);
      }
    }
    for (const [id, place] of found) kept(this.#places, `${index} ${id}`, KEPT_IDS, () => place);
    return found;
  }

  /** Ids are most often the numbers of the lines, from 0 or from 1. */
  async #guess(manifest: Manifest, group: Group, id: string): Promise<number | undefined> {
    const number = /(\d{1,12})$/.exec(id)?.[1];
    if (number === undefined) return undefined;
    for (const place of [Number(number) - 1, Number(number)])
      if (place >= 0 && place < group.samples && String((await this.sample(manifest, group, place)).sample.id) === id) return place;
    return undefined;
  }

  #lines(manifest: Manifest, benchmarkIndex: number, first: number, count: number): Promise<SampleLine[]> {
    return this.#reader.lines(manifest.sampleIndexes[benchmarkIndex]!, datasetDigestOf(manifest, benchmarkIndex), first, count);
  }
}

/** What the map holds under the key, made if it is not there; the longest unused falls out. */
function kept<T>(map: Map<string, T>, key: string, most: number, make: () => T): T {
  const value = map.has(key) ? map.get(key)! : make();
  map.delete(key);
  map.set(key, value);
  if (map.size > most) map.delete(map.keys().next().value!);
  return value;
}
