/** The contexts of tasks, compiled: a coordinator sends each once per stream and then only names it by its digest. */
import { AppError, invalid } from '../../shared/domain/errors.ts';
import type { TaskContext } from '../../shared/domain/manifest.ts';
import { compileBenchmark, type CompiledBenchmark } from '../../shared/domain/sample.ts';
import { scorersOf, type NamedScorer } from '../../shared/domain/spec-scorers.ts';
import { createChain, type Filter } from '../../shared/scoring/filters/registry.ts';
import { createScorer, isRemote, type Scorer } from '../../shared/scoring/registry.ts';
import { contextSchema } from '../policy/context-schema.ts';
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

/** Throws AppError `invalid` for a task that must not be run. */
export type ContextCheck = (task: TaskContext) => void;

export class ContextCache {
  readonly #tools: ScorerTools;
  readonly #check: ContextCheck;
  readonly #capacity: number;
  /** In the order of their last use. */
  readonly #contexts = new Map<string, Context>();

  /** `tools`: what the operator allows beside models; `check`: what he wants to be proved. */
  constructor(tools: ScorerTools, check: ContextCheck = () => undefined, capacity = 512) {
    this.#tools = tools;
    this.#check = check;
    this.#capacity = capacity;
  }

  /** The context of a digest; `json` is empty when it was sent before. Throws `not_found` or `invalid`, without content: `invalid` also for what this agent may not do. */
  get(digest: string, json: Buffer): Context {
    const context = this.#contexts.get(digest) ?? compile(digest, json, this.#tools, this.#check);
    this.#contexts.delete(digest);
    this.#contexts.set(digest, context);
    if (this.#contexts.size > this.#capacity) this.#contexts.delete(this.#contexts.keys().next().value!);
    return context;
  }
}

function compile(digest: string, json: Buffer, tools: ScorerTools, check: ContextCheck): Context {
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
  const { signed, ...task } = parsed.data;
  check({ ...task, signed });
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
