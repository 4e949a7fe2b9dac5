/** What one sample took, over all of its runs: time, tokens, calls, failures; and its result, made of them. */
import { AppError } from '../../shared/domain/errors.ts';
import { MAX_PROVENANCE_CHARS, type Provenance } from '../../shared/domain/provenance.ts';
import { MAX_FAILURES, type Failure, type TokenUsage, type UnitResult } from '../../shared/domain/result.ts';
import type { GenerateConfig } from '../../shared/domain/spec.ts';
import { VERSION } from '../../shared/domain/version.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import type { Generation } from '../models/provider.ts';
import type { SampleJob } from './sample-job.ts';
import { SampleTime } from './sample-time.ts';

/** Error texts come from endpoints, templates and scorers; they are for reading. */
const MAX_ERROR_CHARS = 4000;
/** How endpoints call an end by `max_tokens`. */
const LENGTH_REASONS: ReadonlySet<string | undefined> = new Set(['length', 'max_tokens']);

type Ending = Pick<UnitResult, 'outcome' | 'scores'> &
  Partial<Pick<UnitResult, 'completion' | 'reasoning' | 'stopReason' | 'logprobs' | 'error' | 'limit'>> & { modelMs?: number };

export class SampleBook {
  readonly time: SampleTime;
  readonly #job: SampleJob;
  readonly #traceId: string | undefined;
  readonly #failures: Failure[] = [];
  #usage: TokenUsage = { inputTokens: 0, outputTokens: 0 };
  #calls = 0;
  #provenance: Provenance = { version: VERSION };
  /** The sample's own id, once its line was read. */
  sampleId: string | number;

  constructor(job: SampleJob, clock: Clock, traceId: string | undefined) {
    this.#job = job;
    this.#traceId = traceId;
    this.sampleId = job.ordinal;
    this.time = new SampleTime(clock, job.context.task.limits);
  }

  /** The settings of the next call: no more tokens than the limit leaves. */
  config(): GenerateConfig {
    const config = this.#job.context.task.model.generate_config;
    const left = this.tokensLeft();
    return left < (config.max_tokens ?? Infinity) ? { ...config, max_tokens: Math.max(1, left) } : config;
  }

  tokensLeft(): number {
    const { tokens = Infinity } = this.#job.context.task.limits ?? {};
    return Math.floor(tokens - this.#usage.inputTokens - this.#usage.outputTokens);
  }

  /** What the next call sends. */
  asked(promptDigest: string): void {
    this.#provenance = { promptDigest, version: VERSION };
  }

  /** Who has answered. */
  answeredBy({ model, fingerprint }: Pick<Generation, 'model' | 'fingerprint'>): void {
    this.#provenance = {
      ...this.#provenance,
      ...(model === undefined ? {} : { model: short(model) }),
      ...(fingerprint === undefined ? {} : { fingerprint: short(fingerprint) }),
    };
  }

  /** A kept completion: no call was made. */
  spared(): void {
    this.#provenance = { ...this.#provenance, cached: true };
  }

  called(calls: number): void {
    this.#calls += calls;
  }

  /** Adds what a completion took. `tokens` when it reached that limit, or was cut by it. */
  spent({ usage, stopReason }: Generation, config: GenerateConfig): 'tokens' | undefined {
    const { inputTokens, outputTokens, reasoningTokens } = this.#usage;
    const reasoning = usage.reasoningTokens ?? reasoningTokens;
    this.#usage = {
      inputTokens: inputTokens + usage.inputTokens,
      outputTokens: outputTokens + usage.outputTokens,
      ...(reasoning === undefined ? {} : { reasoningTokens: (reasoningTokens ?? 0) + (usage.reasoningTokens ?? 0) }),
    };
    const wasCut = config !== this.#job.context.task.model.generate_config && LENGTH_REASONS.has(stopReason);
    return wasCut || this.tokensLeft() < 0 ? 'tokens' : undefined;
  }

  /** The first ones and the last are kept. */
  failed(failure: Failure): void {
    if (this.#failures.length < MAX_FAILURES) this.#failures.push(failure);
    else this.#failures[MAX_FAILURES - 1] = failure;
  }

  /** The sample runs again, so long after its last failure. */
  repeatedAfter(waitMs: number): void {
    const last = this.#failures.at(-1);
    if (last) last.waitedMs = waitMs;
    this.time.waited(waitMs);
  }

  result({ modelMs = 0, ...ending }: Ending): UnitResult {
    const { unit, epoch } = this.#job;
    return {
      unit,
      sampleId: this.sampleId,
      epoch,
      ...ending,
      usage: this.#usage,
      calls: this.#calls,
      retries: Math.max(0, this.#calls - 1),
      timing: this.time.timing(modelMs),
      ...(this.#failures.length > 0 ? { failures: this.#failures } : {}),
      ...(this.#traceId === undefined ? {} : { traceId: this.#traceId }),
      ...(this.#provenance.promptDigest === undefined ? {} : { provenance: this.#provenance }),
    };
  }

  errored(error: NonNullable<UnitResult['error']>, limit?: UnitResult['limit']): UnitResult {
    return this.result({ outcome: 'errored', scores: [], error, ...(limit === undefined ? {} : { limit }) });
  }
}

const short = (name: string): string => name.slice(0, MAX_PROVENANCE_CHARS).toWellFormed();

/** The words of anything that was thrown, cut. */
export function wordsOf(error: unknown): string {
  const { message } = AppError.from(error);
  return message.length > MAX_ERROR_CHARS ? `${message.slice(0, MAX_ERROR_CHARS)}…` : message;
}
