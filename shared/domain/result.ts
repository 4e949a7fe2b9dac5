/**
 * What an agent makes of one unit, as JSON. It travels as bytes from the agent's spool through the report into the store
 * and is read again by the finalizer; Redis sees only its outcome and the scores' numbers.
 */
import { z } from 'zod';
import { provenanceSchema } from './provenance.ts';

/** Classes that a model call can fail with; docs/models.md has the table of HTTP answers. `request`: the endpoint refuses this request. */
export const CALL_ERROR_CLASSES = [
  'rate_limit',
  'server_error',
  'timeout',
  'connection',
  'bad_response',
  'request',
  'context_length',
  'content_filter',
  'model_not_found',
  'quota',
  'auth',
  'too_large',
] as const;

/**
 * Classes of failure of a unit. `limit`: a limit of the sample ended it; `solver_error`: the team's own code behind an http solver
 * failed; `scorer_error`: a scorer crashed; `sample_error`: the sample cannot be rendered; `no_answer`: a judge had nothing to judge.
 */
export const ERROR_CLASSES = [...CALL_ERROR_CLASSES, 'limit', 'solver_error', 'scorer_error', 'sample_error', 'no_answer'] as const;
export type ErrorClass = (typeof ERROR_CLASSES)[number];

/** The largest result as JSON, bytes. */
export const MAX_RESULT_BYTES = 64 << 20;

// Numbers are bounded: the ledger adds them up, squares included, and one that is out of all reason would spoil its sums.
const tokens = z.number().nonnegative().max(1e12);
const durationMs = z.number().nonnegative().max(1e10);
const calls = z.int().nonnegative().max(1_000_000);

/** One scorer's word on one unit. `number` null: no verdict (unscored) unless `error` says that the scorer failed. */
const scoreSchema = z.object({
  scorer: z.string(),
  value: z.union([z.string(), z.number()]).nullable(),
  number: z.number().min(-1e100).max(1e100).nullable(),
  answer: z.string().optional(),
  explanation: z.string().optional(),
  error: z.string().optional(),
  /** Of a log-likelihood: by what perplexities divide. */
  counts: z.object({ words: tokens, bytes: tokens }).optional(),
  /** Of bleu, chrf and ter: what the answer adds to that of the corpus. */
  corpus: z
    .object({
      metric: z.enum(['bleu', 'chrf', 'ter']),
      statistics: z.array(tokens).max(64).readonly(),
      beta: z.number().positive().max(100).optional(),
    })
    .optional(),
});
export type Score = z.infer<typeof scoreSchema>;

const usageSchema = z.object({
  inputTokens: tokens.default(0),
  outputTokens: tokens.default(0),
  reasoningTokens: tokens.optional(),
});
export type TokenUsage = z.infer<typeof usageSchema>;

/** Failures that are kept of one unit: the first ones, and the last. */
export const MAX_FAILURES = 50;

const failureSchema = z.object({
  startedAt: z.number().min(0).max(8.64e15),
  ms: durationMs,
  class: z.enum(ERROR_CLASSES),
  message: z.string().max(4_100),
  httpStatus: z.int().optional(),
  /** The wait before the next one. */
  waitedMs: durationMs,
});
export type Failure = z.infer<typeof failureSchema>;

export const unitResultSchema = z.object({
  unit: z.int().nonnegative(),
  sampleId: z.union([z.string(), z.number()]),
  epoch: z.int().positive(),
  outcome: z.enum(['scored', 'unscored', 'errored']),
  completion: z.string().optional(),
  reasoning: z.string().optional(),
  stopReason: z.string().optional(),
  /** The limit of the sample that was reached. */
  limit: z.enum(['time', 'working', 'tokens']).optional(),
  /**
   * Log-probabilities of the answer's tokens, as the endpoint gave them; of a likelihood solver an entry per text that it rated:
   * `text`, `logprob` (of the whole), `is_greedy`, `is_target`, `tokens`, and `unconditional` (of the whole behind nothing)
   * where a scorer needs it.
   */
  logprobs: z.array(z.unknown()).optional(),
  /** In the order of the benchmark's scorers; empty when there is no completion. */
  scores: z.array(scoreSchema),
  error: z.object({ class: z.enum(ERROR_CLASSES), message: z.string(), httpStatus: z.int().optional() }).optional(),
  usage: usageSchema,
  /** Milliseconds since the epoch, and durations in ms. modelMs: the call that gave the answer. */
  timing: z.object({
    startedAt: z.number().min(0).max(8.64e15),
    modelMs: durationMs,
    totalMs: durationMs,
    /** totalMs less the waits for a connection and between repetitions. */
    workingMs: durationMs.optional(),
  }),
  /** Failed model calls and failed runs of the sample, in order. */
  failures: z.array(failureSchema).max(MAX_FAILURES).optional(),
  /** W3C trace id of the execution, 32 hex digits. */
  traceId: z.string().max(32).optional(),
  /** Absent: of an earlier agent, or nothing was sent. */
  provenance: provenanceSchema.optional(),
  /** Model calls made, the failed ones included, and how many of them were retries. */
  calls,
  retries: calls,
});
export type UnitResult = z.infer<typeof unitResultSchema>;

/** The outcome that follows from what there is: errored before unscored before scored. */
export function outcomeOf(completion: string | undefined, scores: readonly Score[]): UnitResult['outcome'] {
  if (completion === undefined || scores.some((s) => s.error !== undefined)) return 'errored';
  return scores.some((s) => s.number === null) ? 'unscored' : 'scored';
}
