/**
 * `http`: the team's own code answers. The sample is posted to a URL that the operator allows, without its target; the answer has the
 * completion. docs/plugins.md has the protocol. A 429, a 5xx or a broken connection is repeated as a model's call would be;
 * anything else that is no answer is the sample's `solver_error`.
 */
import { z } from 'zod';
import { invalid } from '../../shared/domain/errors.ts';
import { solverArgs, type HttpSolverArgs } from '../../shared/domain/solvers.ts';
import { faultsOf } from '../../shared/domain/spec-faults.ts';
import { ModelError, type Generation, type GenerateRequest } from '../models/provider.ts';
import type { JsonPost } from '../models/json-post.ts';
import type { Sample } from '../../shared/domain/sample.ts';
import type { SolverKind } from './solver.ts';

const count = z.number().min(0).max(1e12);
const answerSchema = z.object({
  completion: z.string(),
  reasoning: z.string().nullish(),
  stop_reason: z.string().nullish(),
  usage: z.object({ input_tokens: count.nullish(), output_tokens: count.nullish(), reasoning_tokens: count.nullish() }).nullish(),
});

export const http: SolverKind = (_benchmark, given, { posts }) => {
  const schema = solverArgs('http')!;
  const parsed = schema.safeParse(given);
  if (!parsed.success) throw invalid('solver http', faultsOf(parsed.error.issues, given, schema, ['args']));
  const args = parsed.data as HttpSolverArgs;
  const post = posts.to(args.url);
  return {
    operation: 'invoke_agent',
    sends: ({ unit: solved }) => ({ url: args.url, args: args.args, sample: sentSample(solved!.sample) }),
    over: () => ({ generate: (request) => solve(post, request, args) }),
  };
};

async function solve(post: JsonPost, request: GenerateRequest, { args, timeout }: HttpSolverArgs): Promise<Generation> {
  const { attemptTimeoutMs, signal } = request;
  try {
    return generationOf(await post(bodyOf(request, args), { timeoutMs: Math.min(attemptTimeoutMs, timeout * 1000), signal }));
  } catch (error) {
    throw error instanceof ModelError ? solverError(error) : error;
  }
}

const sentSample = ({ id, input, choices, metadata }: Sample): object => ({ id, input, choices, metadata });

/** What the code is told: never the target. */
function bodyOf({ unit: solved, messages, prefill, config }: GenerateRequest, args: object): object {
  const { sample, model, epoch, evaluationId, unit } = solved!;
  return {
    sample: sentSample(sample),
    messages,
    prefill,
    model,
    generate_config: config,
    args,
    epoch,
    evaluation_id: evaluationId,
    unit,
  };
}

function generationOf(value: unknown): Generation {
  const parsed = answerSchema.safeParse(value);
  if (!parsed.success) {
    const faults = faultsOf(parsed.error.issues, undefined, answerSchema).map(({ place }) => place || 'the body');
    throw new ModelError(
      'solver_error',
      `the solver's answer is not of the right form at ${faults.join(', ')}; it must be {"completion": "…"}`,
    );
  }
  const { completion, reasoning, stop_reason: stopReason, usage } = parsed.data;
  const reasoningTokens = usage?.reasoning_tokens;
  return {
    completion,
    ...(reasoning ? { reasoning } : {}),
    ...(stopReason ? { stopReason } : {}),
    usage: {
      inputTokens: usage?.input_tokens ?? 0,
      outputTokens: usage?.output_tokens ?? 0,
      ...(typeof reasoningTokens === 'number' ? { reasoningTokens } : {}),
    },
  };
}

const PASSING: ReadonlySet<string> = new Set(['rate_limit', 'server_error', 'timeout', 'connection', 'solver_error']);

/** No failure of the team's code is one of the model's entry: what would suspend that becomes the sample's own. */
function solverError(error: ModelError): ModelError {
  const { httpStatus, retryAfterMs, retryable } = error;
  if (httpStatus === 429) return new ModelError('rate_limit', error.message, { httpStatus, retryAfterMs, retryable });
  if (PASSING.has(error.errorClass)) return error;
  return new ModelError('solver_error', `the solver failed: ${error.message}`, { httpStatus });
}
