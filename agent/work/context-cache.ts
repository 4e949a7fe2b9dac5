/** The contexts of tasks, compiled: a coordinator sends each once per stream and then only names it by its digest. */
import { z } from 'zod';
import { cachePolicySchema } from '../../shared/domain/cache-policy.ts';
import { AppError, invalid } from '../../shared/domain/errors.ts';
import type { TaskContext } from '../../shared/domain/manifest.ts';
import { compileBenchmark, type CompiledBenchmark } from '../../shared/domain/sample.ts';
import { scorersOf, type NamedScorer } from '../../shared/domain/spec-scorers.ts';
import { benchmarkSchema, limitsSchema, modelSchema, retrySchema, scorerSchema } from '../../shared/domain/spec.ts';
import { createChain, type Filter } from '../../shared/scoring/filters/registry.ts';
import { createScorer, isRemote, type Scorer } from '../../shared/scoring/registry.ts';
import { createRemoteScorer } from '../scorers/registry.ts';
import type { RemoteScorer, ScorerTools } from '../scorers/scorer.ts';
import { createSolver } from '../solvers/registry.ts';
import type { Solver } from '../solvers/solver.ts';

/** What all samples of one benchmark and model are run with. */
export interface Context {
  task: TaskContext;
  benchmark: CompiledBenchmark;
  solver: Solver;
  /** As `scorersOf` the benchmark lists them. */
  scorers: ContextScorer[];
}

/** Computed here, or asked for from what the operator allows; of what its filters, if it has some, make of the completion. */
export type ContextScorer = { id: string; filter?: Filter } & ({ score: Scorer } | { judge: RemoteScorer });

const shotSchema = z.object({ ordinal: z.number().optional(), user: z.string(), target: z.string() });
const contextSchema = z.object({
  evaluationId: z.string(),
  // Without scorers where all of them ask models: those calls are units of their own.
  benchmark: benchmarkSchema.extend({ scorers: z.array(scorerSchema) }),
  model: modelSchema,
  retry: retrySchema,
  fewshot: z.array(shotSchema).optional(),
  limits: limitsSchema.optional(),
  retryOnError: z.int().min(0).max(100).optional(),
  cache: cachePolicySchema.optional(),
  namespace: z.string().max(200).optional(),
});

export class ContextCache {
  readonly #tools: ScorerTools;
  readonly #capacity: number;
  /** In the order of their last use. */
  readonly #contexts = new Map<string, Context>();

  /** `tools`: what the operator allows beside models. */
  constructor(tools: ScorerTools, capacity = 512) {
    this.#tools = tools;
    this.#capacity = capacity;
  }

  /** The context of a digest; `json` is empty when it was sent before. Throws `not_found` or `invalid`, without content: `invalid` also for what this agent may not do. */
  get(digest: string, json: Buffer): Context {
    const context = this.#contexts.get(digest) ?? compile(digest, json, this.#tools);
    this.#contexts.delete(digest);
    this.#contexts.set(digest, context);
    if (this.#contexts.size > this.#capacity) this.#contexts.delete(this.#contexts.keys().next().value!);
    return context;
  }
}

function compile(digest: string, json: Buffer, tools: ScorerTools): Context {
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
  return {
    task,
    benchmark: compileBenchmark(task.benchmark, task.fewshot),
    solver: createSolver(task.benchmark, tools),
    scorers: scorersOf(task.benchmark).map((scorer) => contextScorer(scorer, tools)),
  };
}

function contextScorer({ id, name, args, filters }: NamedScorer, tools: ScorerTools): ContextScorer {
  const filter = filters.length > 0 ? { filter: createChain(filters) } : {};
  return isRemote(name)
    ? { id, ...filter, judge: createRemoteScorer({ name, args }, tools) }
    : { id, ...filter, score: createScorer({ name, args }) };
}
