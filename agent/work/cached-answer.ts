/** Whether a sample's call can be spared: what names it in the cache, what of it is kept, and the lookup. */
import { createHash } from 'node:crypto';
import { canonicalJson } from '../../shared/domain/canonical-json.ts';
import type { CachePolicy } from '../../shared/domain/cache-policy.ts';
import type { BenchmarkSpec } from '../../shared/domain/spec.ts';
import { isLikelihoodSolver } from '../../shared/domain/solvers.ts';
import { solverOf } from '../../shared/domain/spec-defaults.ts';
import type { CompletionCache } from '../cache/completion-cache.ts';
import { LATE, type Late } from '../cache/patience.ts';
import type { Generation, ModelEntry } from '../models/provider.ts';
import type { Asked, Solver } from '../solvers/solver.ts';

/**
 * How endpoints call an end that the same call would have again: the model's own, and that which `max_tokens` sets, as it is part of the call and so of
 * the key. A filter, a refusal or whatever an endpoint may say besides is its own affair, and may be another one the next time; so may what nobody
 * says. What a limit of the sample has ended is not kept either (`run-sample.ts`): limits are no part of a call.
 */
const SAME_ENDS: ReadonlySet<string | undefined> = new Set([
  ...['stop', 'end_turn', 'stop_sequence', 'eos', 'eos_token', 'completed'],
  ...['length', 'max_tokens'],
]);

/** The cache as one sample sees it. */
export interface AnswerCache {
  /** Undefined: the call is to be made. */
  find(request: Asked): Promise<Generation | undefined>;
  /** Keeps what a call has given, if it is a whole answer. */
  keep(request: Asked, generation: Generation): Promise<void>;
}

export interface AnswerCacheOptions {
  store: Pick<CompletionCache, 'find' | 'keep'> | undefined;
  policy: CachePolicy | undefined;
  entry: Pick<ModelEntry, 'provider' | 'baseUrl' | 'endpoint' | 'options'>;
  benchmark: BenchmarkSpec;
  solver: Solver;
  /** late: the files took too long, and the call is made without them. */
  onLookup: (outcome: 'hit' | 'miss' | Late) => void;
}

/** Undefined where nothing is cached: the spec does not ask for it, the operator forbids it, or the team's own code answers. */
export function answerCache({ store, policy, entry, benchmark, solver, onLookup }: AnswerCacheOptions): AnswerCache | undefined {
  if (!store || !policy || solverOf(benchmark).name === 'http') return undefined;
  const keyOf = (request: Asked): string => cacheKeyOf({ policy, entry, benchmark, solver, request });
  return {
    find: async (request) => {
      const answer = await store.find(keyOf(request), (policy.expirySeconds ?? Infinity) * 1000);
      onLookup(answer === LATE ? LATE : answer ? 'hit' : 'miss');
      return answer === undefined || answer === LATE ? undefined : { ...answer, usage: { inputTokens: 0, outputTokens: 0 } };
    },
    keep: async (request, generation) => {
      if (!isWhole(generation)) return;
      const { usage: _usage, timeToFirstChunkMs: _first, ...answer } = generation;
      await store.keep(keyOf(request), answer);
    },
  };
}

/** No answer that a filter has cut, and none that JSON cannot hold. */
const isWhole = ({ stopReason, likelihoods }: Generation): boolean =>
  likelihoods ? likelihoods.every(({ logLikelihood }) => Number.isFinite(logLikelihood)) : SAME_ENDS.has(stopReason);

export interface CacheKeyParts extends Pick<AnswerCacheOptions, 'entry' | 'benchmark' | 'solver'> {
  policy: CachePolicy;
  request: Asked;
}

/** SHA-256 of all that decides what is answered, as 64 hexadecimal digits. */
export function cacheKeyOf({ policy, entry, benchmark, solver, request }: CacheKeyParts): string {
  const { provider, baseUrl, endpoint = 'chat', options } = entry;
  const { model, messages, prefill, config, sample } = request;
  const own = solverOf(benchmark);
  const isRated = isLikelihoodSolver(own.name);
  const { choices, target } = request.unit?.sample ?? {};
  const text = canonicalJson({
    form: 1,
    namespace: policy.namespace,
    scopes: policy.scopes,
    epoch: policy.perEpoch ? sample.epoch : 0,
    endpoint: { provider, baseUrl, endpoint },
    ...{ model, messages, prefill, config },
    // What is rated, and which of it is right, comes of the sample.
    rated: isRated ? { solver: own, sends: solver.sends?.(request), choices, target } : undefined,
    // It answers by these, and not by what it is sent.
    mock: provider === 'mock' ? { options, sample } : undefined,
  });
  return createHash('sha256').update(text).digest('hex');
}
