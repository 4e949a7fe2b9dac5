/**
 * A model provider: one driver for one kind of endpoint. One file per provider and one line in `registry.ts`.
 * A driver makes exactly one HTTP call per `generate`; retries, limits on connections and accounting are its callers'.
 */
import type { Secret } from '../secrets/secret.ts';
import type { AdaptiveBounds } from './adaptive-limit.ts';
import type { GenerateConfig } from '../../shared/domain/spec.ts';
import type { ErrorClass, TokenUsage } from '../../shared/domain/result.ts';
import type { ChatMessage, Sample } from '../../shared/domain/sample.ts';
import type { Likelihood } from '../../shared/scoring/likelihoods.ts';

export type { ChatMessage, ContentPart } from '../../shared/domain/sample.ts';

export interface GenerateRequest {
  /** The name that the endpoint knows: what follows the first slash of the spec's model. */
  model: string;
  messages: ChatMessage[];
  /** What the answer begins with: a last message of the assistant, or the end of the prompt. It is no part of the completion. */
  prefill?: string;
  config: GenerateConfig;
  /** Names the sample for drivers without an endpoint (mock): sample id, epoch and target. Never sent anywhere. */
  sample: { id: string | number; epoch: number; target: string[] };
  /** What the call is for, as the team's own code behind an http solver is told; drivers of models do not look at it. */
  unit?: SolvedUnit;
  /** Milliseconds for this call, from its start to its last byte. */
  attemptTimeoutMs: number;
  signal: AbortSignal;
}

/** The unit that a call is for. */
export interface SolvedUnit {
  evaluationId: string;
  unit: number;
  epoch: number;
  /** The model as the spec names it. */
  model: string;
  sample: Sample;
}

export interface Generation {
  completion: string;
  reasoning?: string;
  stopReason?: string;
  /** One entry per token of the completion: `token`, `logprob`, `top_logprobs`, as OpenAI's chat has them. */
  logprobs?: unknown[];
  usage: TokenUsage;
  /** The model's name as the endpoint gave it. */
  model?: string;
  /** What the endpoint says of itself (`system_fingerprint`): another one, and the same call may be answered otherwise. */
  fingerprint?: string;
  /** Of a solver that rates texts: one for each. */
  likelihoods?: Likelihood[];
  /** Milliseconds to the first piece of the answer, when it streamed. */
  timeToFirstChunkMs?: number;
}

/** How likely is a text as the continuation of another? */
export interface RateRequest extends Pick<GenerateRequest, 'model' | 'config' | 'sample' | 'attemptTimeoutMs' | 'signal'> {
  /** May be empty; the text's probability is then that at the very beginning. */
  context: string;
  continuation: string;
  /** For drivers without an endpoint: whether the continuation is a right answer; absent: there is no right or wrong. */
  isTarget?: boolean;
}

export interface Rating {
  /** Σ ln p of the continuation's tokens, given what is before them. */
  logLikelihood: number;
  /** Whether each of them is the likeliest one. */
  isGreedy: boolean;
  tokens: number;
  usage: TokenUsage;
  model?: string;
  fingerprint?: string;
}

/** A failed call: its class decides what happens next (`retry.ts`). `message` is the endpoint's word, never a key. */
export class ModelError extends Error {
  readonly errorClass: ErrorClass;
  readonly httpStatus: number | undefined;
  /** The least time that the endpoint asks to wait before the next call. */
  readonly retryAfterMs: number | undefined;
  /** The endpoint's own word on a repetition (`x-should-retry`); without one the class decides. */
  readonly retryable: boolean | undefined;
  /** The request never left: nobody can have billed it. */
  readonly unsent: boolean;

  constructor(
    errorClass: ErrorClass,
    message: string,
    details: {
      httpStatus?: number | undefined;
      retryAfterMs?: number | undefined;
      retryable?: boolean | undefined;
      unsent?: boolean;
      cause?: unknown;
    } = {},
  ) {
    super(message, { cause: details.cause });
    this.name = 'ModelError';
    this.errorClass = errorClass;
    this.httpStatus = details.httpStatus;
    this.retryAfterMs = details.retryAfterMs;
    this.retryable = details.retryable;
    this.unsent = details.unsent ?? false;
  }
}

export interface ModelProvider {
  /** One call. Throws ModelError, or the signal's reason when aborted. */
  generate(request: GenerateRequest): Promise<Generation>;
  /** One call, with the same errors. Absent: it cannot tell log-probabilities of what it is sent. */
  rate?(request: RateRequest): Promise<Rating>;
  /** Frees connections. */
  close(): Promise<void>;
}

/** One entry of the agent's `models`. Keys never leave the agent. */
export interface ModelEntry {
  match: string;
  provider: string;
  baseUrl?: string;
  apiKey?: Secret;
  /** The most, where the limit is adaptive. */
  maxConnections: number;
  /** The limit moves within these by what the endpoint bears; absent: it stands at maxConnections. */
  adaptive?: AdaptiveBounds;
  lookAhead: number;
  /** What its key may take in a day (UTC). */
  spendPerDay?: { microUsd?: number; tokens?: number };
  /** `chat` (default) or `completions`. */
  endpoint?: 'chat' | 'completions';
  /** Ask for server-sent events (default true), so that a call that stalls is noticed. */
  stream?: boolean;
  /** Milliseconds without a byte after the first one (default 60 s). */
  idleTimeoutMs?: number;
  /** The provider's own knobs (mock). */
  options: Record<string, unknown>;
}
