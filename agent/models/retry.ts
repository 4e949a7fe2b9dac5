/**
 * One sample's model call with its retries. Every wait has a limit: an attempt by `attempt_timeout`, all together by
 * `timeout`, their number by `max_retries`. Between two attempts the connection is given back, so that another sample
 * uses it while this one waits.
 */
import type { ErrorClass } from '../../shared/domain/result.ts';
import type { RetrySpec } from '../../shared/domain/spec.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import { ModelError, type GenerateRequest, type Generation, type ModelProvider } from './provider.ts';

const RETRIED: ReadonlySet<ErrorClass> = new Set<ErrorClass>(['rate_limit', 'server_error', 'timeout', 'connection', 'bad_response']);
const ENTRY_FATAL: ReadonlySet<ErrorClass> = new Set<ErrorClass>(['quota', 'auth', 'model_not_found']);

/** Whether another call may succeed where this one failed. */
export const isRetried = (errorClass: ErrorClass): boolean => RETRIED.has(errorClass);

/** Whether no call of this model entry can succeed until a person acts: the agent hands its units back and stops taking the model. */
export const isEntryFatal = (errorClass: ErrorClass): boolean => ENTRY_FATAL.has(errorClass);

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

/** A call that failed for good, with what it took. */
export class ModelCallError extends ModelError {
  readonly calls: number;
  readonly retries: number;

  constructor(last: ModelError, calls: number) {
    super(last.errorClass, last.message, { httpStatus: last.httpStatus, retryAfterMs: last.retryAfterMs, retryable: last.retryable });
    this.name = 'ModelCallError';
    this.calls = calls;
    this.retries = Math.max(0, calls - 1);
  }
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
  /** A call failed with this class and is repeated after `waitMs`. */
  onRetry?: (errorClass: ErrorClass, waitMs: number) => void;
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
  const { retry, clock, random, signal, onRetry } = options;
  signal.throwIfAborted();
  // `timeout` counts from the first connection on: the queue before it is not the sample's doing.
  let deadline = Infinity;
  let last: ModelError | undefined;
  for (let calls = 0; ;) {
    const release = await acquired(options, deadline - clock.monotonic());
    if (!release) throw new ModelCallError(last ?? new ModelError('timeout', 'no connection within the time limit'), calls);
    const startedAt = clock.monotonic();
    if (calls === 0 && retry.timeout !== undefined) deadline = startedAt + retry.timeout * 1000;
    calls++;
    try {
      const attemptTimeoutMs = Math.max(1, Math.min(retry.attempt_timeout * 1000, deadline - startedAt));
      const generation = await options.provider.generate({ ...options.request, attemptTimeoutMs, signal });
      return { generation, calls, retries: calls - 1, modelMs: clock.monotonic() - startedAt };
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      last = asModelError(error);
    } finally {
      release();
    }
    const waitMs = retryWaitMs(calls, last.retryAfterMs, random);
    if (!mayRetry(last) || calls > retry.max_retries || clock.monotonic() + waitMs >= deadline) throw new ModelCallError(last, calls);
    onRetry?.(last.errorClass, waitMs);
    await clock.sleep(waitMs, signal);
  }
}

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
