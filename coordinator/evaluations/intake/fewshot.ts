/** Chooses a benchmark's examples once, at submit, so that every agent and every repetition has the same. */
import { AppError, invalid } from '../../../shared/domain/errors.ts';
import type { Shot } from '../../../shared/domain/manifest.ts';
import { compileBenchmark, shotOf } from '../../../shared/domain/sample.ts';
import { fewshotSchema, type BenchmarkSpec } from '../../../shared/domain/spec.ts';
import type { PreparedDataset } from '../../datasets/datasets.ts';
import type { Store } from '../../store/store.ts';
import { Breather } from '../../../shared/runtime/breather.ts';
import { jsonLines } from '../../datasets/json-lines.ts';
import { indexDataset, readIndexEntry } from './dataset.ts';

/** Bytes of one benchmark's examples: they travel to every agent that works on it. */
const MAX_BYTES = 1024 * 1024;
/** Bytes of all examples from which samples draw, as JSON, over the benchmarks of a spec: a task's context takes 8 MiB. */
export const MAX_POOL_BYTES = 6 * 1024 * 1024;

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
  /** What is left for the examples of the sampler `lm_eval`. */
  poolBytes?: number;
}): Promise<Shot[]> {
  const { benchmark, source, isOwn, store } = options;
  const count = benchmark.prompt.num_fewshot ?? 0;
  if (count === 0) return [];
  const { sampler, seed, ids } = fewshotSchema.parse(benchmark.prompt.fewshot ?? {});
  if (sampler === 'lm_eval') return wholePool(options, count);
  const { ids: _ids, shuffle: order, limit: _limit, ...dataset } = benchmark.dataset;
  const shuffle = sampler === 'random' ? seed : isOwn ? order : undefined;
  const wanted = isOwn ? count + 1 : count;
  const chosen = ids ? { ids: ids.slice(0, wanted) } : { limit: wanted, ...(shuffle === undefined ? {} : { shuffle }) };
  const chooser = { ...benchmark, dataset: { ...dataset, ...chosen } };
  const { index, samples } = await indexDataset({
    stream: store.streamContent(source.digest),
    benchmark: chooser,
    name: source.name,
    word: source.word,
    maxFaults: options.maxFaults,
    idsAt: 'prompt.fewshot.ids',
  });
  if (samples < wanted) {
    const needed = isOwn ? `${wanted} of its own (a sample is never its own example)` : String(wanted);
    const there = ids ? `fewshot.ids names ${samples}; name more, or` : `${source.name} has ${samples} samples;`;
    throw tooMany(benchmark, `is ${count}, which needs ${needed}, but ${there} lower it`);
  }
  const compiled = compileBenchmark(benchmark);
  const shots: Shot[] = [];
  const shotIds: string[] = [];
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
    if (ids) shotIds.push(String(compiled.map(line, ordinal).id));
  }
  // The index has them in the dataset's order, and the list in its own.
  return ids ? ids.slice(0, wanted).map((id) => shots[shotIds.indexOf(String(id))]!) : shots;
}

/**
 * All examples in the dataset's order, of which each sample draws its own: so lm-evaluation-harness does it, and no part of the dataset
 * would do for it. What of a spec's benchmarks comes together has a bound (`poolBytes`).
 */
async function wholePool(options: Parameters<typeof chooseShots>[0], count: number): Promise<Shot[]> {
  const { benchmark, source, isOwn, store, poolBytes = MAX_POOL_BYTES } = options;
  const { ids: _ids, shuffle: _order, limit: _limit, ...dataset } = benchmark.dataset;
  const { name, word, digest } = source;
  const whole = { ...benchmark, dataset };
  const { samples } = await indexDataset({
    stream: store.streamContent(digest),
    benchmark: whole,
    name,
    word,
    maxFaults: options.maxFaults,
  });
  const wanted = isOwn ? count + 1 : count;
  if (samples < wanted) throw tooMany(benchmark, `is ${count}, which needs ${wanted} samples, but ${name} has ${samples}; lower it`);
  const compiled = compileBenchmark(benchmark);
  const breather = new Breather({});
  const shots: Shot[] = [];
  let bytes = 0;
  for await (const { content } of jsonLines(store.streamContent(digest))) {
    const ordinal = shots.length + 1;
    const shot = await breather.run(() => asShot(() => shotOf(compiled, content!, ordinal), `${name} sample ${ordinal}`));
    bytes += Buffer.byteLength(JSON.stringify(shot));
    if (bytes > poolBytes)
      throw invalid(`benchmark ${benchmark.benchmark}`, [
        {
          place: '.prompt.fewshot.sampler',
          problem: `is lm_eval, which draws from all examples, but ${name} has more than ${poolBytes} bytes of them as prompts (all benchmarks together: ${MAX_POOL_BYTES}); use first_n or random, or fewer examples`,
        },
      ]);
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
