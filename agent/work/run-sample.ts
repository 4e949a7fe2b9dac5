/**
 * One sample from its dataset's line to its result: map, render, call with retries, score. Infrastructure failures end as
 * `errored`, never as a wrong answer; a failure that concerns the whole model entry makes no result at all.
 */
import { AppError } from '../../shared/domain/errors.ts';
import { outcomeOf, type ErrorClass, type Score, type UnitResult } from '../../shared/domain/result.ts';
import type { Sample } from '../../shared/domain/sample.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import { valueToNumber } from '../../shared/scoring/values.ts';
import { ModelError, type ChatMessage, type ModelProvider } from '../models/provider.ts';
import { callWithRetry, ModelCallError, type CallResult } from '../models/retry.ts';
import type { Context } from './context-cache.ts';

export interface SampleJob {
  unit: number;
  epoch: number;
  ordinal: number;
  line: Buffer;
  context: Context;
}

export interface RunSampleOptions {
  provider: ModelProvider;
  clock: Clock;
  /** [0, 1) */
  random: () => number;
  signal: AbortSignal;
  acquire: (signal: AbortSignal) => Promise<() => void>;
  /** Runs what holds up all else: where many samples begin at once, in turns. */
  inTurn: <T>(piece: () => T) => Promise<T>;
  onRetry: (errorClass: ErrorClass) => void;
  /** Whether a failure concerns the whole entry, so that the unit goes back instead of ending as errored. */
  isRefusal: (errorClass: ErrorClass) => boolean;
}

/** `refused`: no call of the entry can succeed until a person acts; the unit goes back unspent. */
export type SampleEnd = { kind: 'result'; result: UnitResult } | { kind: 'refused' };

/** A longer completion is not kept. */
export const MAX_COMPLETION_BYTES = 64 * 1024 * 1024;
/** Error texts come from endpoints and templates; they are for reading. */
const MAX_ERROR_CHARS = 4000;

/** Never throws, except the signal's reason when it aborts. */
export async function runSample(job: SampleJob, options: RunSampleOptions): Promise<SampleEnd> {
  const stopwatch = new Stopwatch(options.clock);
  let rendered: Rendered;
  try {
    rendered = await options.inTurn(() => render(job));
  } catch (error) {
    return { kind: 'result', result: errored(job, job.ordinal, stopwatch, { class: 'sample_error', message: textOf(error) }) };
  }
  options.signal.throwIfAborted();
  const { sample, messages } = rendered;
  try {
    const call = await callWithRetry({
      ...options,
      request: {
        model: endpointName(job.context.task.model.model),
        messages,
        config: job.context.task.model.generate_config,
        sample: { id: sample.id, epoch: job.epoch, target: sample.target },
      },
      retry: job.context.task.retry,
    });
    return { kind: 'result', result: scored(job, sample, stopwatch, call) };
  } catch (error) {
    if (options.signal.aborted) throw options.signal.reason;
    const failure = error instanceof ModelError ? error : new ModelError('request', textOf(error));
    if (options.isRefusal(failure.errorClass)) return { kind: 'refused' };
    return { kind: 'result', result: erroredBy(job, sample.id, stopwatch, failure) };
  }
}

interface Rendered {
  sample: Sample;
  messages: ChatMessage[];
}

function render({ line, ordinal, context }: SampleJob): Rendered {
  const sample = context.benchmark.map(line, ordinal);
  const { system, user } = context.benchmark.prompt(sample);
  const messages: ChatMessage[] = [{ role: 'user', content: user }];
  if (system !== undefined) messages.unshift({ role: 'system', content: system });
  return { sample, messages };
}

/** What follows the first slash is the name that the endpoint knows. */
const endpointName = (model: string): string => model.slice(model.indexOf('/') + 1);

function scored(job: SampleJob, sample: Sample, stopwatch: Stopwatch, { generation, calls, retries, modelMs }: CallResult): UnitResult {
  const { completion, reasoning, stopReason, usage } = generation;
  const spent = { usage, calls, retries };
  if (Buffer.byteLength(completion) + Buffer.byteLength(reasoning ?? '') > MAX_COMPLETION_BYTES) {
    return errored(
      job,
      sample.id,
      stopwatch,
      { class: 'too_large', message: `the completion has more than ${MAX_COMPLETION_BYTES} bytes` },
      spent,
    );
  }
  const scores = job.context.scorers.map(({ id, score }) => scoreOf(id, () => score(completion, sample.target)));
  const failed = scores.find((score) => score.error !== undefined);
  return {
    unit: job.unit,
    sampleId: sample.id,
    epoch: job.epoch,
    outcome: outcomeOf(completion, scores),
    completion,
    ...(reasoning === undefined ? {} : { reasoning }),
    ...(stopReason === undefined ? {} : { stopReason }),
    scores,
    ...(failed ? { error: { class: 'scorer_error', message: `scorer ${failed.scorer}: ${failed.error}` } } : {}),
    ...spent,
    timing: stopwatch.timing(modelMs),
  };
}

/** A scorer that throws takes its unit with it, and nothing else. */
function scoreOf(scorer: string, run: () => { value: string | number | null; answer?: string; explanation?: string }): Score {
  try {
    const verdict = run();
    return { scorer, ...verdict, number: valueToNumber(verdict.value) };
  } catch (error) {
    return { scorer, value: null, number: null, error: textOf(error) };
  }
}

function erroredBy(job: SampleJob, sampleId: string | number, stopwatch: Stopwatch, failure: ModelError): UnitResult {
  const spent = failure instanceof ModelCallError ? { calls: failure.calls, retries: failure.retries } : {};
  const status = failure.httpStatus === undefined ? {} : { httpStatus: failure.httpStatus };
  return errored(job, sampleId, stopwatch, { class: failure.errorClass, message: textOf(failure), ...status }, spent);
}

function errored(
  job: SampleJob,
  sampleId: string | number,
  stopwatch: Stopwatch,
  error: NonNullable<UnitResult['error']>,
  spent: Partial<Pick<UnitResult, 'usage' | 'calls' | 'retries'>> = {},
): UnitResult {
  const nothing = { usage: { inputTokens: 0, outputTokens: 0 }, calls: 0, retries: 0 };
  return {
    unit: job.unit,
    sampleId,
    epoch: job.epoch,
    outcome: 'errored',
    scores: [],
    error,
    ...nothing,
    ...spent,
    timing: stopwatch.timing(0),
  };
}

function textOf(error: unknown): string {
  const { message } = AppError.from(error);
  return message.length > MAX_ERROR_CHARS ? `${message.slice(0, MAX_ERROR_CHARS)}…` : message;
}

class Stopwatch {
  readonly #clock: Clock;
  readonly #startedAt: number;
  readonly #from: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#startedAt = clock.now();
    this.#from = clock.monotonic();
  }

  timing(modelMs: number): UnitResult['timing'] {
    return { startedAt: this.#startedAt, modelMs: rounded(modelMs), totalMs: rounded(this.#clock.monotonic() - this.#from) };
  }
}

/** Hundredths of a millisecond are enough. */
const rounded = (ms: number): number => Math.round(ms * 100) / 100;
