/** What a solver is: from the model's provider it makes what a sample's calls go to. One file per solver; `registry.ts` has a line for each. */
import type { BenchmarkSpec } from '../../shared/domain/spec.ts';
import type { JsonPosts } from '../models/json-post.ts';
import type { GenerateRequest, ModelProvider } from '../models/provider.ts';

/** The side of a provider that is called. */
export type Caller = Pick<ModelProvider, 'generate' | 'rate'>;

/** A call before it is made. */
export type Asked = Omit<GenerateRequest, 'attemptTimeoutMs' | 'signal'>;

export interface Solver {
  /** The operation, as the GenAI conventions name it; undefined: that of the provider's endpoint. */
  operation?: string;
  /** One call of it is one call of the sample, with the same errors and the same retries. */
  over(provider: Caller): Caller;
  /** What it sends of the sample beside the request's messages, or in their place. May throw. */
  sends?(request: Asked): unknown;
}

export interface SolverTools {
  posts: JsonPosts;
}

/** Throws AppError `invalid` for arguments that are wrong, or that this agent's operator does not allow. */
export type SolverKind = (benchmark: BenchmarkSpec, args: Record<string, unknown>, tools: SolverTools) => Solver;
