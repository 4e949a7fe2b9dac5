/** The contexts of tasks, compiled: a coordinator sends each once per stream and then only names it by its digest. */
import { z } from 'zod';
import { AppError, invalid } from '../../shared/domain/errors.ts';
import { scorerIdsOf, type TaskContext } from '../../shared/domain/manifest.ts';
import { compileBenchmark, type CompiledBenchmark } from '../../shared/domain/sample.ts';
import { benchmarkSchema, modelSchema, retrySchema } from '../../shared/domain/spec.ts';
import { createScorer, type Scorer } from '../../shared/scoring/registry.ts';

/** What all samples of one benchmark and model are run with. */
export interface Context {
  task: TaskContext;
  benchmark: CompiledBenchmark;
  /** In the order of the benchmark's scorers; `id` names them in results. */
  scorers: { id: string; score: Scorer }[];
}

const contextSchema = z.object({ evaluationId: z.string(), benchmark: benchmarkSchema, model: modelSchema, retry: retrySchema });

export class ContextCache {
  readonly #capacity: number;
  /** In the order of their last use. */
  readonly #contexts = new Map<string, Context>();

  constructor(capacity = 512) {
    this.#capacity = capacity;
  }

  /** The context of a digest; `json` is empty when it was sent before. Throws `not_found` or `invalid`, without content. */
  get(digest: string, json: Buffer): Context {
    const context = this.#contexts.get(digest) ?? compile(digest, json);
    this.#contexts.delete(digest);
    this.#contexts.set(digest, context);
    if (this.#contexts.size > this.#capacity) this.#contexts.delete(this.#contexts.keys().next().value!);
    return context;
  }
}

function compile(digest: string, json: Buffer): Context {
  if (json.length === 0) throw new AppError('not_found', `the context ${digest} is not known here`);
  let value: unknown;
  try {
    value = JSON.parse(json.toString('utf8'));
  } catch {
    throw new AppError('invalid', `the context ${digest} is no JSON`);
  }
  const parsed = contextSchema.safeParse(value);
  if (!parsed.success)
    throw invalid(
      `the context ${digest}`,
      parsed.error.issues.map((issue) => ({ place: issue.path.join('.'), problem: issue.message })),
    );
  const task = parsed.data;
  const ids = scorerIdsOf(task.benchmark);
  return {
    task,
    benchmark: compileBenchmark(task.benchmark),
    scorers: task.benchmark.scorers.map((spec, i) => ({ id: ids[i]!, score: createScorer(spec) })),
  };
}
