import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ModelError, type GenerateRequest, type Generation, type ModelProvider } from '../../../../agent/models/provider.ts';
import { callWithRetry, isEntryFatal, isRetried, ModelCallError, retryWaitMs, type CallOptions } from '../../../../agent/models/retry.ts';
import { ERROR_CLASSES, type ErrorClass } from '../../../../shared/domain/result.ts';
import { FakeClock } from '../../../support/fake-clock.ts';

const answer: Generation = { completion: 'fine', usage: { inputTokens: 1, outputTokens: 1 } };

/** A provider whose calls fail as listed and then succeed, each taking `tookMs`. */
function scripted(clock: FakeClock, failures: readonly Error[], tookMs = 10): ModelProvider & { requests: GenerateRequest[] } {
  const requests: GenerateRequest[] = [];
  return {
    requests,
    close: async () => undefined,
    async generate(request) {
      requests.push(request);
      clock.time += tookMs;
      const failure = failures[requests.length - 1];
      if (failure !== undefined) throw failure;
      return answer;
    },
  };
}

const request: CallOptions['request'] = { model: 'm', messages: [], config: {}, sample: { id: 1, epoch: 1, target: [] } };

function optionsOf(clock: FakeClock, provider: ModelProvider, more: Partial<CallOptions> = {}): CallOptions {
  return {
    provider,
    request,
    retry: { max_retries: 3, attempt_timeout: 60 },
    clock,
    random: () => 0.5,
    signal: new AbortController().signal,
    acquire: async () => () => undefined,
    ...more,
  };
}
const failed = (errorClass: ErrorClass, details = {}): ModelError => new ModelError(errorClass, errorClass, details);

describe('callWithRetry', () => {
  test('repeats what may pass, with growing waits, and says so', async () => {
    const clock = new FakeClock();
    const seen: [string, number][] = [];
    const provider = scripted(clock, [failed('server_error'), failed('timeout'), failed('bad_response')]);
    const result = await callWithRetry(optionsOf(clock, provider, { onRetry: (errorClass, waitMs) => seen.push([errorClass, waitMs]) }));
    expect(result).toEqual({ generation: answer, calls: 4, retries: 3, modelMs: 10 });
    expect(seen).toEqual([
      ['server_error', 250],
      ['timeout', 500],
      ['bad_response', 1000],
    ]);
    expect(clock.sleeps).toEqual([250, 500, 1000]);
  });

  test('gives up when the budget is spent, with the last error and the counts', async () => {
    const clock = new FakeClock();
    const provider = scripted(clock, Array(10).fill(failed('rate_limit', { httpStatus: 429 })));
    const error = await callWithRetry(optionsOf(clock, provider)).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(ModelCallError);
    expect(error).toMatchObject({ errorClass: 'rate_limit', httpStatus: 429, calls: 4, retries: 3 });
  });

  test.each(ERROR_CLASSES.filter((errorClass) => !isRetried(errorClass)))('never repeats %s', async (errorClass) => {
    const clock = new FakeClock();
    await expect(callWithRetry(optionsOf(clock, scripted(clock, [failed(errorClass)])))).rejects.toMatchObject({
      errorClass,
      calls: 1,
      retries: 0,
    });
    expect(clock.sleeps).toEqual([]);
  });

  test('classes are fatal for the entry, retried, or neither', () => {
    expect(ERROR_CLASSES.filter(isEntryFatal).toSorted()).toEqual(['auth', 'model_not_found', 'quota']);
    expect(ERROR_CLASSES.filter((c) => isEntryFatal(c) && isRetried(c))).toEqual([]);
  });

  test("the endpoint's word on a repetition goes before the class, but not for an entry that is dead", async () => {
    const clock = new FakeClock();
    await expect(callWithRetry(optionsOf(clock, scripted(clock, [failed('server_error', { retryable: false })])))).rejects.toMatchObject({
      calls: 1,
    });
    await expect(callWithRetry(optionsOf(clock, scripted(clock, [failed('request', { retryable: true })])))).resolves.toMatchObject({
      calls: 2,
    });
    await expect(callWithRetry(optionsOf(clock, scripted(clock, [failed('auth', { retryable: true })])))).rejects.toMatchObject({
      calls: 1,
    });
  });

  test('never starts a wait that goes past the time limit, and shortens the last attempt to it', async () => {
    const clock = new FakeClock();
    const provider = scripted(clock, Array(10).fill(failed('server_error')), 1000);
    const retry = { max_retries: 100, attempt_timeout: 60, timeout: 5 };
    await expect(callWithRetry(optionsOf(clock, provider, { retry, random: () => 0.999 }))).rejects.toMatchObject({
      errorClass: 'server_error',
      calls: 3,
    });
    expect(clock.time).toBeLessThanOrEqual(5000);
    expect(provider.requests.map((r) => Math.round(r.attemptTimeoutMs / 100))).toEqual([50, 35, 15]);
  });

  test('a Retry-After past the time limit fails at once', async () => {
    const clock = new FakeClock();
    const provider = scripted(clock, [failed('rate_limit', { retryAfterMs: 60_000 })]);
    await expect(
      callWithRetry(optionsOf(clock, provider, { retry: { max_retries: 5, attempt_timeout: 60, timeout: 30 } })),
    ).rejects.toMatchObject({ calls: 1 });
    expect(clock.sleeps).toEqual([]);
  });

  test('limits of the sample: no call, no wait and no queue goes past them; an exhausted budget keeps its class', async () => {
    const timeOf = (clock: FakeClock, limitMs: number) => ({
      timeLeftMs: () => limitMs - clock.time,
      workLeftMs: () => Infinity,
      waited: () => undefined,
    });
    const queued = new FakeClock();
    let connections = 0;
    const noSecond: CallOptions['acquire'] = () => (connections++ === 0 ? Promise.resolve(() => undefined) : new Promise(() => undefined));
    const provider = scripted(queued, [failed('rate_limit')]);
    await expect(callWithRetry(optionsOf(queued, provider, { time: timeOf(queued, 5000), acquire: noSecond }))).rejects.toMatchObject({
      limit: 'time',
      calls: 1,
    });
    expect(queued.time).toBe(5000);

    const spent = new FakeClock();
    const always = scripted(spent, Array(10).fill(failed('server_error')));
    const retry = { max_retries: 0, attempt_timeout: 60 };
    await expect(callWithRetry(optionsOf(spent, always, { time: timeOf(spent, 11), retry }))).rejects.toMatchObject({
      errorClass: 'server_error',
      limit: undefined,
    });
  });

  test('every failed call is told, with the wait after it', async () => {
    const clock = new FakeClock();
    const told: unknown[] = [];
    const provider = scripted(clock, [failed('server_error', { httpStatus: 503 }), failed('request')]);
    await expect(callWithRetry(optionsOf(clock, provider, { onFailure: (failure) => told.push(failure) }))).rejects.toBeInstanceOf(
      ModelCallError,
    );
    expect(told).toEqual([
      { class: 'server_error', message: 'server_error', httpStatus: 503, startedAt: 0, ms: 10, waitedMs: 250 },
      { class: 'request', message: 'request', startedAt: 260, ms: 10, waitedMs: 0 },
    ]);
  });

  test('waits without a connection: each attempt takes one and gives it back before the wait', async () => {
    const clock = new FakeClock();
    const log: string[] = [];
    const provider = scripted(clock, [failed('rate_limit'), failed('connection')]);
    await callWithRetry(
      optionsOf(clock, provider, {
        acquire: async () => (log.push('take'), () => void log.push('give')),
        onRetry: () => void log.push('wait'),
      }),
    );
    expect(log).toEqual(['take', 'give', 'wait', 'take', 'give', 'wait', 'take', 'give']);
  });

  test("an abort throws the signal's reason, also between attempts and while waiting for a connection", async () => {
    const reason = new Error('drained');
    const clock = new FakeClock();
    const before = AbortSignal.abort(reason);
    await expect(callWithRetry(optionsOf(clock, scripted(clock, []), { signal: before }))).rejects.toBe(reason);

    const during = new AbortController();
    const provider = scripted(clock, [failed('server_error')]);
    await expect(callWithRetry(optionsOf(clock, provider, { signal: during.signal, onRetry: () => during.abort(reason) }))).rejects.toBe(
      reason,
    );

    const waiting = new AbortController();
    let given = 0;
    const late = Promise.withResolvers<() => void>();
    const call = callWithRetry(optionsOf(clock, provider, { signal: waiting.signal, acquire: () => late.promise }));
    waiting.abort(reason);
    await expect(call).rejects.toBe(reason);
    // The connection that comes too late goes straight back.
    late.resolve(() => void given++);
    await late.promise;
    await Promise.resolve();
    expect(given).toBe(1);
  });

  test('a connection that does not come within the time limit ends the call with its last error', async () => {
    const clock = new FakeClock();
    let asked = 0;
    const acquire: CallOptions['acquire'] = () => (asked++ === 0 ? Promise.resolve(() => undefined) : new Promise(() => undefined));
    const retry = { max_retries: 5, attempt_timeout: 60, timeout: 30 };
    await expect(callWithRetry(optionsOf(clock, scripted(clock, [failed('server_error')]), { acquire, retry }))).rejects.toMatchObject({
      errorClass: 'server_error',
      calls: 1,
    });
  });

  test("a driver's own fault is not repeated", async () => {
    const clock = new FakeClock();
    await expect(callWithRetry(optionsOf(clock, scripted(clock, [new TypeError('oops')])))).rejects.toMatchObject({
      errorClass: 'request',
      calls: 1,
    });
  });

  test('property: the books of calls, connections and time always balance', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom(...ERROR_CLASSES), { maxLength: 12 }),
        fc.nat(8),
        fc.option(fc.integer({ min: 1, max: 60 }), { nil: undefined }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        async (classes, maxRetries, timeout, drawn) => {
          const clock = new FakeClock();
          const provider = scripted(
            clock,
            classes.map((c) => failed(c)),
          );
          let held = 0;
          const acquire = async (): Promise<() => void> => (held++, () => void held--);
          const retry = { max_retries: maxRetries, attempt_timeout: 5, ...(timeout === undefined ? {} : { timeout }) };
          const outcome = await callWithRetry(optionsOf(clock, provider, { retry, acquire, random: () => drawn })).catch(
            (e: ModelCallError) => e,
          );
          expect(held).toBe(0);
          expect(outcome.calls).toBe(provider.requests.length);
          expect(outcome.calls).toBeLessThanOrEqual(maxRetries + 1);
          expect(outcome.retries).toBe(outcome.calls - 1);
          if (timeout !== undefined) expect(clock.time).toBeLessThanOrEqual(timeout * 1000 + 10);
        },
      ),
    );
  });
});

test('the wait is at most a minute of backoff and at least what was asked for, spread a little', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 100 }),
      fc.option(fc.nat(600_000), { nil: undefined }),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      (retry, asked, drawn) => {
        const ms = retryWaitMs(retry, asked, () => drawn);
        expect(ms).toBeGreaterThanOrEqual(asked ?? 0);
        expect(ms).toBeLessThanOrEqual(Math.max(60_000, (asked ?? 0) * 1.1));
      },
    ),
  );
});
