/**
 * One sample from its dataset's line to its result: map, render, call with retries, score; again from the call on where the spec wants an
 * errored one repeated. Infrastructure failures end as `errored`, never as a wrong answer; a failure that concerns the whole model
 * entry makes no result at all.
 */
import { outcomeOf, type ErrorClass, type UnitResult } from '../../shared/domain/result.ts';
import type { Prompt, Sample } from '../../shared/domain/sample.ts';
import type { Likelihood } from '../../shared/scoring/likelihoods.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import { parseTraceparent } from '../../shared/telemetry/tracing.ts';
import { ModelError, type Generation, type ModelProvider } from '../models/provider.ts';
import { callWithRetry, ModelCallError, retryWaitMs } from '../models/retry.ts';
import type { Asked } from '../solvers/solver.ts';
import type { AnswerCache } from './cached-answer.ts';
import { SampleBook, wordsOf } from './sample-book.ts';
import { sentDigest } from './prompt-digest.ts';
import type { SampleJob } from './sample-job.ts';
import { scoresOf } from './score-sample.ts';

export interface RunSampleOptions {
  /** What the context's solver made of the model's provider. */
  provider: ModelProvider;
  clock: Clock;
  /** [0, 1) */
  random: () => number;
  signal: AbortSignal;
  acquire: (signal: AbortSignal) => Promise<() => void>;
  /** Runs what holds up all else: where many samples begin at once, in turns. */
  inTurn: <T>(piece: () => T) => Promise<T>;
  /** Absent: every completion is a call's. */
  cache?: AnswerCache | undefined;
  /** A call is repeated, alone or with the whole sample. */
  onRetry: (errorClass: ErrorClass, waitMs: number) => void;
  /** Whether a failure concerns the whole entry, so that the unit goes back instead of ending as errored. */
  isRefusal: (errorClass: ErrorClass) => boolean;
  /** The execute span; absent or '' without tracing. */
  traceparent?: string;
}

/** `refused`: no call of the entry can succeed until a person acts; the unit goes back unspent. */
export type SampleEnd = { kind: 'result'; result: UnitResult } | { kind: 'refused' };

/** A longer completion is not kept. */
export const MAX_COMPLETION_BYTES = 64 * 1024 * 1024;

/** Never throws, except the signal's reason when it aborts. */
export async function runSample(job: SampleJob, options: RunSampleOptions): Promise<SampleEnd> {
  const book = new SampleBook(job, options.clock, parseTraceparent(options.traceparent ?? '')?.traceId);
  let rendered: Rendered;
  try {
    rendered = await options.inTurn(() => render(job));
  } catch (error) {
    return { kind: 'result', result: book.errored({ class: 'sample_error', message: wordsOf(error) }) };
  }
  options.signal.throwIfAborted();
  book.sampleId = rendered.sample.id;
  const { retryOnError = 0 } = job.context.task;
  for (let run = 1; ; run++) {
    const startedAt = options.clock.now();
    const startedFrom = options.clock.monotonic();
    // What failed after its answer is asked for anew, not looked up again.
    const end = await runOnce(job, rendered, book, { ...options, mayFind: run === 1 });
    if (end.kind === 'refused') return end;
    if (run > retryOnError) return { kind: 'result', result: end.result };
    const waitMs = retryWaitMs(run, undefined, options.random);
    if (!mayRunAgain(end.result, book, waitMs)) return { kind: 'result', result: end.result };
    // A failed call is written down already; what failed after it is not.
    if (end.failedLater) book.failed({ startedAt, ms: options.clock.monotonic() - startedFrom, waitedMs: 0, ...end.result.error! });
    book.repeatedAfter(waitMs);
    options.onRetry(end.result.error!.class, waitMs);
    await options.clock.sleep(waitMs, options.signal);
  }
}

const mayRunAgain = ({ outcome, error }: UnitResult, book: SampleBook, waitMs: number): boolean =>
  outcome === 'errored' &&
  error!.class !== 'limit' &&
  book.tokensLeft() > 0 &&
  book.time.timeLeftMs() > waitMs &&
  book.time.workLeftMs() > 0;

interface Rendered extends Prompt {
  sample: Sample;
}

function render({ line, ordinal, context }: SampleJob): Rendered {
  const sample = context.benchmark.map(line, ordinal);
  return { sample, ...context.benchmark.messages(sample, ordinal) };
}

/** What follows the first slash is the name that the endpoint knows. */
const endpointName = (model: string): string => model.slice(model.indexOf('/') + 1);

/** `failedLater`: not a call failed, but something after it. */
type RunEnd = { kind: 'result'; result: UnitResult; failedLater?: true } | { kind: 'refused' };

async function runOnce(
  job: SampleJob,
  rendered: Rendered,
  book: SampleBook,
  options: RunSampleOptions & { mayFind: boolean },
): Promise<RunEnd> {
  const request = requestOf(job, rendered, book);
  book.asked(sentDigest(job.context.solver, request));
  const { cache, mayFind } = options;
  try {
    const kept = mayFind ? await cache?.find(request) : undefined;
    if (kept) {
      book.answeredBy(kept);
      book.spared();
      const result = await scored(job, rendered.sample, { book, options, request, generation: kept, modelMs: 0 });
      return { kind: 'result', result, failedLater: true };
    }
    const call = await callWithRetry({
      ...options,
      request,
      retry: job.context.task.retry,
      time: book.time,
      onFailure: (failure) => book.failed(failure),
    });
    book.called(call.calls);
    book.answeredBy(call.generation);
    const result = await scored(job, rendered.sample, { book, options, request, ...call });
    if (result.completion !== undefined && result.limit === undefined) await cache?.keep(request, call.generation);
    return { kind: 'result', result, failedLater: true };
  } catch (error) {
    if (options.signal.aborted) throw options.signal.reason;
    const failure = error instanceof ModelError ? error : new ModelError('request', wordsOf(error));
    if (failure instanceof ModelCallError) book.called(failure.calls);
    if (options.isRefusal(failure.errorClass)) return { kind: 'refused' };
    return { kind: 'result', result: erroredBy(failure, book) };
  }
}

function requestOf({ epoch, unit, context }: SampleJob, { sample, messages, prefill }: Rendered, book: SampleBook): Asked {
  const {
    evaluationId,
    model: { model },
  } = context.task;
  return {
    model: endpointName(model),
    messages,
    ...(prefill === undefined ? {} : { prefill }),
    config: book.config(),
    sample: { id: sample.id, epoch, target: sample.target },
    unit: { evaluationId, unit, epoch, model, sample },
  };
}

interface Answered {
  book: SampleBook;
  options: RunSampleOptions;
  request: Asked;
  generation: Generation;
  modelMs: number;
}

async function scored(job: SampleJob, sample: Sample, { book, options, request, generation, modelMs }: Answered): Promise<UnitResult> {
  const { completion, reasoning, stopReason, likelihoods } = generation;
  const logprobs = likelihoods?.map(ratedEntry) ?? generation.logprobs;
  const limit = book.spent(generation, request.config);
  if (Buffer.byteLength(completion) + Buffer.byteLength(reasoning ?? '') > MAX_COMPLETION_BYTES)
    return book.errored({ class: 'too_large', message: `the completion has more than ${MAX_COMPLETION_BYTES} bytes` }, limit);
  const { signal, traceparent = '' } = options;
  const given = scoresOf(job.context, { completion, likelihoods, sample, epoch: job.epoch, signal, traceparent });
  const scores = Array.isArray(given) ? given : await given;
  const failed = scores.find((score) => score.error !== undefined);
  return book.result({
    outcome: outcomeOf(completion, scores),
    completion,
    ...(reasoning === undefined ? {} : { reasoning }),
    ...(stopReason === undefined ? {} : { stopReason }),
    ...(limit === undefined ? {} : { limit }),
    ...(logprobs === undefined ? {} : { logprobs }),
    scores,
    ...(failed ? { error: { class: 'scorer_error', message: `scorer ${failed.scorer}: ${failed.error}` } } : {}),
    modelMs,
  });
}

/** A rated text as results show it. */
const ratedEntry = ({ text, logLikelihood, isGreedy, isTarget, tokens, unconditional }: Likelihood): object => ({
  text,
  logprob: logLikelihood,
  is_greedy: isGreedy,
  is_target: isTarget,
  tokens,
  ...(unconditional === undefined ? {} : { unconditional }),
});

const LIMIT_WORDS = { time: 'its time', working: 'its working time' };

function erroredBy(failure: ModelError, book: SampleBook): UnitResult {
  const limit = failure instanceof ModelCallError ? failure.limit : undefined;
  const status = failure.httpStatus === undefined ? {} : { httpStatus: failure.httpStatus };
  if (limit) return book.errored({ class: 'limit', message: `${LIMIT_WORDS[limit]} is over; last: ${wordsOf(failure)}`, ...status }, limit);
  return book.errored({ class: failure.errorClass, message: wordsOf(failure), ...status });
}
