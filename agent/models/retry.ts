/**
 * One sample's model call with its retries. Every wait has a limit: an attempt by `attempt_timeout`, all together by
 * `timeout`, their number by `max_retries`. Between two attempts the connection is given back, so that another sample
 * uses it while this one waits.
 */
import type { ErrorClass, Failure } from '../../shared/domain/result.ts';
import type { RetrySpec } from '../../shared/domain/spec.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import { ModelError, type GenerateRequest, type Generation, type ModelProvider } from './provider.ts';

const RETRIED: ReadonlySet<ErrorClass> = new Set<ErrorClass>(['rate_limit', 'server_error', 'timeout', 'connection', 'bad_response']);
const ENTRY_FATAL: ReadonlySet<ErrorClass> = new Set<ErrorClass>(['quota', 'auth', 'model_not_found']);

/** Whether another call may succeed where this one failed. */
export const isRetried = (errorClass: ErrorClass): boolean => RETRIED.has(errorClass);

/** Whether no call of this model entry can succeed until a person acts: the agent hands its units back and stops taking the model. */
export const isEntryFatal = (errorClass: ErrorClass): boolean => ENTRY_FATAL.has(errorClass);

/** Of a failure's message. */
const MAX_FAILURE_CHARS = 4000;
const FIRST_BACKOFF_MS = 500;
const MAX_BACKOFF_MS = 60_000;
/** How far above the wait that an endpoint asks for its callers spread, so that they do not all come back at once. */
const RETRY_AFTER_SPREAD = 0.1;

/**
 * Milliseconds before retry number `retry` (1 is the first): exponential with full jitter, but never less than the endpoint
 * asks for. `random` gives [0, 1). Full jitter: AWS Architecture Blog, "Exponential Backoff And Jitter", 2015.
 */
export function retryWaitMs(retry: number, retryAfterMs: number | undefined, random: () => number): number {
  const backoffMs = random() * Math.min(MAX_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** (retry - 1));
  return Math.max(backoffMs, (retryAfterMs ?? 0) * (1 + RETRY_AFTER_SPREAD * random()));
}

/** A limit of the sample that is a matter of time. */
export type SampleLimit = 'time' | 'working';

/** A call that failed for good, with what it took. */
export class ModelCallError extends ModelError {
  readonly calls: number;
  readonly retries: number;
  /** The limit of the sample that left no time for another call. */
  readonly limit: SampleLimit | undefined;

  constructor(last: ModelError, calls: number, limit?: SampleLimit) {
    super(last.errorClass, last.message, { httpStatus: last.httpStatus, retryAfterMs: last.retryAfterMs, retryable: last.retryable });
    this.name = 'ModelCallError';
    this.calls = calls;
    this.retries = Math.max(0, calls - 1);
    this.limit = limit;
  }
}

/** The sample's own time: what its limits leave of it, and what of it was no work. */
export interface SampleTime {
  /** Milliseconds to the end of its `time` limit, and of its `working` limit; Infinity without one. */
  timeLeftMs(): number;
  workLeftMs(): number;
  /** It waited, for a connection or between two calls. */
  waited(ms: number): void;
}

export interface CallOptions {
  provider: ModelProvider;
  request: Omit<GenerateRequest, 'attemptTimeoutMs' | 'signal'>;
  retry: RetrySpec;
  clock: Clock;
  /** [0, 1) */
  random: () => number;
  signal: AbortSignal;
  /**
   * Waits for one of the entry's connections and gives the function that returns it. The signal aborts when the caller's
   * does or when `timeout` is over; a connection that comes after that is returned at once.
   */
  acquire: (signal: AbortSignal) => Promise<() => void>;
  /** Absent: no limits beside those of `retry`. */
  time?: SampleTime;
  /** A call failed with this class and is repeated after `waitMs`. */
  onRetry?: (errorClass: ErrorClass, waitMs: number) => void;
  /** A call failed, repeated or not. */
  onFailure?: (failure: Failure) => void;
}

export interface CallResult {
  generation: Generation;
  /** Calls made, the failed ones included. */
  calls: number;
  retries: number;
  /** Milliseconds of the call that gave the answer. */
  modelMs: number;
}

/** Throws ModelCallError, or the signal's reason when it aborts. */
export async function callWithRetry(options: CallOptions): Promise<CallResult> {
  const { retry, clock, random, signal, time, onRetry, onFailure } = options;
  signal.throwIfAborted();
  // `timeout` counts from the first connection on: the queue before it is not the sample's doing.
  let deadline = Infinity;
  let last: ModelError | undefined;
  for (let calls = 0; ;) {
    const asked = clock.monotonic();
    const timeLeftMs = time?.timeLeftMs() ?? Infinity;
    const release = await acquired(options, Math.min(deadline - asked, timeLeftMs));
    const startedAt = clock.monotonic();
    time?.waited(startedAt - asked);
    if (!release) {
      const limit = timeLeftMs < deadline - asked ? 'time' : undefined;
      throw new ModelCallError(last ?? new ModelError('timeout', 'no connection within the time limit'), calls, limit);
    }
    const startedAtMs = clock.now();
    if (calls === 0 && retry.timeout !== undefined) deadline = startedAt + retry.timeout * 1000;
    calls++;
    const allowed = allowedMs(Math.min(retry.attempt_timeout * 1000, deadline - startedAt), time);
    try {
      const generation = await options.provider.generate({ ...options.request, attemptTimeoutMs: allowed.ms, signal });
      return { generation, calls, retries: calls - 1, modelMs: clock.monotonic() - startedAt };
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      last = asModelError(error);
    } finally {
      release();
    }
    const ms = clock.monotonic() - startedAt;
    const waitMs = retryWaitMs(calls, last.retryAfterMs, random);
    const again = mayRetry(last) && calls <= retry.max_retries;
    const limit = cutBy(last, allowed.limit) ?? (again ? limitBefore(waitMs, time) : undefined);
    const isOver = !again || limit !== undefined || clock.monotonic() + waitMs >= deadline;
    onFailure?.({ ...failureOf(last), startedAt: startedAtMs, ms, waitedMs: isOver ? 0 : waitMs });
    if (isOver) throw new ModelCallError(last, calls, limit);
    onRetry?.(last.errorClass, waitMs);
    await clock.sleep(waitMs, signal);
    time?.waited(waitMs);
  }
}

/** How long the call may take, and whether a limit of the sample made it so short. */
function allowedMs(ms: number, time: SampleTime | undefined): { ms: number; limit: SampleLimit | undefined } {
  const [timeLeftMs, workLeftMs] = [time?.timeLeftMs() ?? Infinity, time?.workLeftMs() ?? Infinity];
  const least = Math.max(1, Math.min(ms, timeLeftMs, workLeftMs));
  if (ms <= Math.min(timeLeftMs, workLeftMs)) return { ms: least, limit: undefined };
  return { ms: least, limit: timeLeftMs <= workLeftMs ? 'time' : 'working' };
}

/** The limit that cut the call short. A time-out that the endpoint reports is its own. */
const cutBy = ({ errorClass, httpStatus }: ModelError, shortenedBy: SampleLimit | undefined): SampleLimit | undefined =>
  errorClass === 'timeout' && httpStatus === undefined ? shortenedBy : undefined;

/** The limit that is over before another call could begin. */
function limitBefore(waitMs: number, time: SampleTime | undefined): SampleLimit | undefined {
  if (time && time.timeLeftMs() <= waitMs) return 'time';
  return time && time.workLeftMs() <= 0 ? 'working' : undefined;
}

const failureOf = ({ errorClass, message, httpStatus }: ModelError): Pick<Failure, 'class' | 'message' | 'httpStatus'> => ({
  class: errorClass,
  message: message.slice(0, MAX_FAILURE_CHARS),
  ...(httpStatus === undefined ? {} : { httpStatus }),
});

/** The endpoint's word goes before the class's, except that nothing revives an entry without key, money or model. */
function mayRetry(error: ModelError): boolean {
  return !isEntryFatal(error.errorClass) && (error.retryable ?? isRetried(error.errorClass));
}

/** What is no ModelError is a fault of the driver: repeating it would only repeat the fault. */
const asModelError = (error: unknown): ModelError =>
  error instanceof ModelError
    ? error
    : new ModelError('request', `the driver failed: ${error instanceof Error ? error.message : String(error)}`);

const WAITED = new Error('waited for a connection');

/** A connection, or undefined when `withinMs` are over. Throws the signal's reason when the caller aborts. */
async function acquired({ acquire, clock, signal }: CallOptions, withinMs: number): Promise<(() => void) | undefined> {
  const waiting = new AbortController();
  const stop = (): void => waiting.abort(signal.reason ?? WAITED); // without a reason each abort would make a DOMException with a stack
  signal.addEventListener('abort', stop, { once: true });
  const connection = acquire(waiting.signal).then(
    (release) => {
      if (!waiting.signal.aborted) return release;
      // Too late: nobody is there any more who would return it.
      release();
      return undefined;
    },
    (error: unknown) => {
      if (!waiting.signal.aborted) throw error;
      return undefined;
    },
  );
  const gaveUp = new Promise<undefined>((resolve) => waiting.signal.addEventListener('abort', () => resolve(undefined), { once: true }));
  const limit = Number.isFinite(withinMs) ? clock.sleep(Math.max(0, withinMs), waiting.signal).then(stop, () => undefined) : undefined;
  try {
    const release = await Promise.race([connection, gaveUp]);
    if (!signal.aborted) return release;
    release?.();
    throw signal.reason;
  } finally {
    signal.removeEventListener('abort', stop);
    stop();
    await limit;
  }
}
