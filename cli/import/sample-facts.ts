/** What a line of results may say of a sample beside its answer and scores; `export` writes it into the logs of other tools. */
import { z } from 'zod';
import type { Likelihood } from '../../shared/scoring/likelihoods.ts';
import { headSchema } from './log-head.ts';

const ms = z.number().nonnegative();
const count = z.number().nonnegative();

const likelihoodSchema = z.object({
  ...{ text: z.string(), logLikelihood: z.number(), isGreedy: z.boolean(), isTarget: z.boolean() },
  ...{ tokens: count.default(0), unconditional: z.number().optional() },
});

export const likelihoodsSchema = z.array(likelihoodSchema);

export const sampleFactsSchema = z.object({
  /** Where it is text. */
  input: z.string().optional(),
  /** What the model was asked, where that is more than the input. */
  messages: z
    .array(
      z.object({
        role: z.enum(['system', 'user', 'assistant', 'tool']).catch('user'),
        parts: z.array(z.object({ kind: z.enum(['text', 'image', 'audio']), value: z.string() })),
      }),
    )
    .optional(),
  metadata: z.record(z.string(), z.unknown()).optional(),
  reasoning: z.string().optional(),
  stopReason: z.string().optional(),
  /** The model as the endpoint called it. */
  returnedModel: z.string().optional(),
  usage: z.object({ inputTokens: count, outputTokens: count, reasoningTokens: count.default(0) }).optional(),
  modelMs: ms.optional(),
  startedAtMs: ms.optional(),
  totalMs: ms.optional(),
  workingMs: ms.optional(),
  /** Where texts were rated and none was generated. */
  likelihoods: likelihoodsSchema.optional(),
  /** Its document, as the dataset has it. */
  doc: z.record(z.string(), z.unknown()).optional(),
  /** The chain of filters that its scores are behind; absent: it has the scores of all. */
  filter: z.string().optional(),
  /** Its place in the dataset, from 0. */
  docId: z.int().nonnegative().optional(),
  /** Of the log that it is the first sample of. */
  log: headSchema.optional(),
});

export type SampleFacts = z.output<typeof sampleFactsSchema>;

const ratedEntry = z.object({
  ...{ text: z.string(), logprob: z.number(), is_greedy: z.boolean(), is_target: z.boolean() },
  ...{ tokens: count, unconditional: z.number().optional() },
});

/** What a likelihood solver found out, of a result's log-probabilities; undefined where they are those of tokens, or there are none. */
export function likelihoodsIn(logprobs: readonly unknown[] | undefined): Likelihood[] | undefined {
  const { data } = z.array(ratedEntry).min(1).safeParse(logprobs);
  return data?.map(({ logprob, is_greedy: isGreedy, is_target: isTarget, ...rest }) => ({
    ...rest,
    logLikelihood: logprob,
    isGreedy,
    isTarget,
  }));
}
