/** Chooses a benchmark's examples once, at submit, so that every agent and every repetition has the same. */
import { AppError, invalid } from '../../../shared/domain/errors.ts';
import type { Shot } from '../../../shared/domain/manifest.ts';
import { compileBenchmark, shotOf } from '../../../shared/domain/sample.ts';
import { fewshotSchema, type BenchmarkSpec } from '../../../shared/domain/spec.ts';
import type { PreparedDataset } from '../../datasets/datasets.ts';
import type { Store } from '../../store/store.ts';
import { indexDataset, readIndexEntry } from './dataset.ts';

/** Bytes of one benchmark's examples: they travel to every agent that works on it. */
const MAX_BYTES = 1024 * 1024;

/**
 * The examples of a benchmark, from its own dataset or another one. Of its own there is one more than wanted, each with its
 * ordinal, so that a sample among them has as many as all others. Throws AppError invalid; a place that begins with a dot is
 * a field of the benchmark.
 */
export async function chooseShots(options: {
  benchmark: BenchmarkSpec;
  source: PreparedDataset;
  /** Whether `source` is the benchmark's own dataset. */
  isOwn: boolean;
  store: Pick<Store, 'streamContent' | 'readContent'>;
  maxFaults: number;
}): Promise<Shot[]> {
  const { benchmark, source, isOwn, store } = options;
  const count = benchmark.prompt.num_fewshot ?? 0;
  if (count === 0) return [];
  const { sampler, seed } = fewshotSchema.parse(benchmark.prompt.fewshot ?? {});
  const { ids: _ids, shuffle: order, ...dataset } = benchmark.dataset;
  const shuffle = sampler === 'random' ? seed : isOwn ? order : undefined;
  const wanted = isOwn ? count + 1 : count;
  const chooser = { ...benchmark, dataset: { ...dataset, limit: wanted, ...(shuffle === undefined ? {} : { shuffle }) } };
  const { index, samples } = await indexDataset({
    stream: store.streamContent(source.digest),
    benchmark: chooser,
    name: source.name,
    word: source.word,
    maxFaults: options.maxFaults,
  });
  if (samples < wanted) {
    const needed = isOwn ? `${wanted} of its own (a sample is never its own example)` : String(wanted);
    throw tooMany(benchmark, `is ${count}, which needs ${needed}, but ${source.name} has ${samples} samples; lower it`);
  }
  const compiled = compileBenchmark(benchmark);
  const shots: Shot[] = [];
  let bytes = 0;
  for (let i = 0; i < samples; i++) {
    const { offset, length, ordinal } = readIndexEntry(index, i);
    const line = await store.readContent(source.digest, { offset, length });
    const shot = asShot(() => shotOf(compiled, line, ordinal), `${source.name} sample ${ordinal}`);
    bytes += Buffer.byteLength(shot.user) + Buffer.byteLength(shot.target);
    if (bytes > MAX_BYTES)
      throw tooMany(benchmark, `is ${count}, and these examples have more than ${MAX_BYTES} bytes; lower it, or choose shorter examples`);
    const { user, target } = shot;
    shots.push(isOwn ? { ordinal, user, target } : { user, target });
  }
  return shots;
}

function asShot(make: () => Shot, place: string): Shot {
  try {
    return make();
  } catch (error) {
    throw invalid('examples', [{ place, problem: AppError.from(error).message }]);
  }
}

const tooMany = (benchmark: BenchmarkSpec, problem: string): AppError =>
  invalid(`benchmark ${benchmark.benchmark}`, [{ place: '.prompt.num_fewshot', problem }]);
