/**
 * What must be known of a spec's datasets before anything runs: their content as JSONL, the index of their samples, the
 * examples. All faults of all benchmarks together. Fetching and conversion run beside each other, a few at a time; indexing,
 * which needs the processor and memory, runs one after the other.
 */
import { AppError, type Fault } from '../../../shared/domain/errors.ts';
import { DEFAULT_NAMESPACE } from '../../../shared/domain/ids.ts';
import { groupsIn, groupsOf, unitsOf, type Group, type Shot } from '../../../shared/domain/manifest.ts';
import { epochsOf } from '../../../shared/domain/spec-defaults.ts';
import type { BenchmarkSpec, EvaluationSpec } from '../../../shared/domain/spec.ts';
import type { Clock } from '../../../shared/runtime/clock.ts';
import type { Datasets, PreparedDataset } from '../../datasets/datasets.ts';
import type { DatasetRef } from '../../datasets/source.ts';
import type { Store } from '../../store/store.ts';
import { forEachBounded } from '../../../shared/runtime/bounded.ts';
import { indexDataset, type IndexedDataset } from './dataset.ts';
import { chooseShots, MAX_POOL_BYTES } from './fewshot.ts';

const MAX_UNITS = 20_000_000;
/** A report must fit into one message. */
const MAX_ROWS = 4_000;
export const MAX_FAULTS = 20;
const SOURCES_AT_ONCE = 4;

export interface PreparedBenchmark extends Omit<IndexedDataset, 'index'> {
  /** Of the dataset as JSONL in the store. */
  digest: string;
  /** What `keepIndex` gave. */
  indexDigest: string;
  shots: Shot[];
}

export interface Preparation {
  /** In the spec's order; undefined where there are faults. */
  benchmarks: (PreparedBenchmark | undefined)[];
  faults: Fault[];
}

export interface PreparationParts {
  /** Whose content the spec may name. */
  namespace: string;
  datasets: Pick<Datasets, 'prepare'>;
  store: Pick<Store, 'streamContent' | 'readContent'>;
  /** Takes each index when it is made, so that memory holds one; returns its digest. */
  keepIndex: (index: Buffer) => Promise<string>;
  /** By which long work leaves turns to others; the system's by default. */
  clock?: Clock;
}

interface Sources {
  own: PreparedDataset;
  shots: PreparedDataset;
}

export async function prepareBenchmarks(spec: EvaluationSpec, parts: PreparationParts): Promise<Preparation> {
  const faults = new Map<number, Fault[]>();
  const note = (i: number, error: unknown): void => {
    const problem = AppError.from(error);
    if (problem.code !== 'invalid') throw problem;
    const found = problem.faults.length > 0 ? problem.faults : [{ place: '.dataset', problem: problem.message }];
    faults.set(i, [...(faults.get(i) ?? []), ...found.map((fault) => placed(fault, i, spec))]);
  };
  const sources = await prepareSources(spec, parts, note);
  const benchmarks: (PreparedBenchmark | undefined)[] = [];
  let pooled = 0;
  for (const [i, benchmark] of spec.benchmarks.entries()) {
    const { own, shots } = sources[i]!;
    let prepared: PreparedBenchmark | undefined;
    try {
      if (own && shots) prepared = await prepareBenchmark(benchmark, { own, shots }, parts, MAX_POOL_BYTES - pooled);
      if (prepared && benchmark.prompt.fewshot?.sampler === 'lm_eval') pooled += Buffer.byteLength(JSON.stringify(prepared.shots));
    } catch (error) {
      note(i, error);
    }
    benchmarks.push(prepared);
  }
  return { benchmarks, faults: [...faults].toSorted(([a], [b]) => a - b).flatMap(([, found]) => found) };
}

/** Each content once, however many benchmarks name it. */
async function prepareSources(
  spec: EvaluationSpec,
  { datasets, namespace }: Pick<PreparationParts, 'datasets' | 'namespace'>,
  note: (benchmark: number, error: unknown) => void,
): Promise<Partial<Sources>[]> {
  const once = new Map<string, Promise<PreparedDataset>>();
  const prepare = ({ uri, format, digest, columns }: DatasetRef): Promise<PreparedDataset> => {
    const key = JSON.stringify([uri, format, digest, columns]);
    const prepared = once.get(key) ?? datasets.prepare({ uri, format, digest, columns }, namespace);
    once.set(key, prepared);
    return prepared;
  };
  const sources: Partial<Sources>[] = spec.benchmarks.map(() => ({}));
  const jobs = spec.benchmarks.flatMap((benchmark, i) => {
    const other = otherSourceOfShots(benchmark);
    return [{ i, role: 'own' as const, ref: benchmark.dataset }, ...(other ? [{ i, role: 'shots' as const, ref: other }] : [])];
  });
  await forEachBounded(jobs, SOURCES_AT_ONCE, async ({ i, role, ref }) => {
    try {
      sources[i]![role] = await prepare(ref);
    } catch (error) {
      note(i, role === 'own' ? error : ofShots(error));
    }
  });
  spec.benchmarks.forEach((benchmark, i) => {
    const { own } = sources[i]!;
    if (own && !otherSourceOfShots(benchmark)) sources[i]!.shots = own;
  });
  return sources;
}

/** Examples are read as the dataset is, by its columns as well. */
function otherSourceOfShots({ prompt, dataset }: BenchmarkSpec): DatasetRef | undefined {
  const { uri, format, digest } = prompt.fewshot ?? {};
  return uri === undefined || !prompt.num_fewshot ? undefined : { uri, format, digest, columns: dataset.columns };
}

async function prepareBenchmark(
  benchmark: BenchmarkSpec,
  { own, shots }: Sources,
  { store, keepIndex, clock }: PreparationParts,
  poolBytes: number,
): Promise<PreparedBenchmark> {
  const { index, ...indexed } = await indexDataset({
    stream: store.streamContent(own.digest),
    benchmark,
    name: own.name,
    word: own.word,
    maxFaults: MAX_FAULTS,
    ...(clock ? { clock } : {}),
  });
  const isOwn = shots.digest === own.digest;
  const chosen = await chooseShots({ benchmark, source: shots, isOwn, store, maxFaults: MAX_FAULTS, poolBytes });
  return { ...indexed, digest: own.digest, indexDigest: await keepIndex(index), shots: chosen };
}

/** A fault of the source of examples: its fields lie elsewhere in the spec. */
function ofShots(error: unknown): AppError {
  const problem = AppError.from(error);
  const faults = problem.faults.map((fault) =>
    fault.place.startsWith('.') ? { ...fault, place: `.prompt.fewshot${fault.place}` } : fault,
  );
  return new AppError(problem.code, problem.message, { cause: error, faults });
}

const OF_BENCHMARK = /^\.(?:prompt|dataset)\b/;

/** A field gets its place in the spec; of a line it is said which benchmark's, where there are several. */
function placed({ place, problem }: Fault, i: number, spec: EvaluationSpec): Fault {
  if (place.startsWith('.')) return { place: `benchmarks[${i}]${OF_BENCHMARK.test(place) ? '' : '.dataset'}${place}`, problem };
  if (spec.benchmarks.length === 1) return { place, problem };
  return { place: place === '' ? `benchmarks[${i}].dataset` : `${place} (benchmarks[${i}].dataset)`, problem };
}

/** The groups of a prepared spec. Throws AppError resource_exhausted for more than one evaluation may have. */
export function groupsWithin(
  spec: EvaluationSpec,
  benchmarks: readonly (Pick<PreparedBenchmark, 'samples' | 'hasMessages'> | undefined)[],
  namespace: string = DEFAULT_NAMESPACE,
): { groups: Group[]; units: number } {
  // What could not be read counts nothing, so that what could be is told.
  const counts = benchmarks.map((benchmark) => benchmark?.samples ?? 0);
  const hasMessages = benchmarks.map((benchmark) => benchmark?.hasMessages ?? false);
  const groups = groupsIn(namespace, groupsOf(spec, counts, hasMessages));
  const units = groups.reduce((sum, g) => sum + unitsOf(g), 0);
  const { reducers } = epochsOf(spec);
  // Of judges' calls a report has a row for each of them, and one for what they say together.
  const rows = groups.reduce((sum, g) => sum + (g.judge ? 1 + reducers.length : g.scorers.length * reducers.length), 0);
  if (rows > MAX_ROWS)
    throw new AppError(
      'resource_exhausted',
      `benchmarks × models × scorers${reducers.length > 1 ? ' × reducers' : ''} make ${rows} rows of a report; at most ${MAX_ROWS} are taken: split the evaluation`,
    );
  if (units > MAX_UNITS)
    throw new AppError(
      'resource_exhausted',
      `the evaluation has ${units} units; at most ${MAX_UNITS} are taken: split it, or lower epochs or limit`,
    );
  return { groups, units };
}
