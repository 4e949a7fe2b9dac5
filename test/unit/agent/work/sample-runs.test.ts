/** Limits of a sample and its repetition from the start, over a fake clock and a provider that does what a test says. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ModelError, type GenerateRequest, type Generation, type ModelProvider } from '../../../../agent/models/provider.ts';
import { ContextCache } from '../../../../agent/work/context-cache.ts';
import { runSample, type RunSampleOptions } from '../../../../agent/work/run-sample.ts';
import { digestOf } from '../../../../shared/domain/ids.ts';
import { MAX_FAILURES, unitResultSchema, type ErrorClass, type UnitResult } from '../../../../shared/domain/result.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { noTools } from '../../../support/scorer-tools.ts';

/** What one call does: how long it takes, and how it ends. */
interface Step {
  ms: number;
  fails?: ErrorClass;
  retryAfterMs?: number;
  usage?: { inputTokens: number; outputTokens: number };
  stopReason?: string;
  completion?: string;
}

/** Obeys the attempt's time as a driver does; the last step goes on for ever. */
class Steps implements ModelProvider {
  readonly requests: GenerateRequest[] = [];
  readonly #clock: FakeClock;
  readonly #steps: readonly Step[];

  constructor(clock: FakeClock, steps: readonly Step[]) {
    this.#clock = clock;
    this.#steps = steps;
  }

  async generate(request: GenerateRequest): Promise<Generation> {
    const step = this.#steps[Math.min(this.requests.length, this.#steps.length - 1)]!;
    this.requests.push(request);
    this.#clock.time += Math.min(step.ms, request.attemptTimeoutMs);
    if (step.ms > request.attemptTimeoutMs) throw new ModelError('timeout', 'no answer in time');
    if (step.fails) throw new ModelError(step.fails, step.fails, { retryAfterMs: step.retryAfterMs });
    const { completion = 'a', usage = { inputTokens: 10, outputTokens: 5 }, stopReason } = step;
    return { completion, usage, ...(stopReason === undefined ? {} : { stopReason }) };
  }

  async close(): Promise<void> {}
}

interface Given {
  steps: Step[];
  limits?: object;
  retryOnError?: number;
  retry?: object;
  generate_config?: object;
  scorer?: object;
  line?: string;
  options?: Partial<RunSampleOptions>;
}

async function run({ steps, limits, retryOnError, retry = {}, generate_config = {}, scorer, line, options }: Given): Promise<{
  result: UnitResult;
  requests: GenerateRequest[];
  clock: FakeClock;
}> {
  const json = Buffer.from(
    JSON.stringify({
      evaluationId: 'ev_1',
      benchmark: { benchmark: 'b', dataset: { uri: 'file:x.jsonl' }, scorers: [scorer ?? { name: 'exact' }] },
      model: { model: 'mock/m', generate_config },
      retry,
      limits,
      retryOnError,
    }),
  );
  const context = new ContextCache(noTools()).get(digestOf(json), json);
  const clock = new FakeClock();
  const provider = new Steps(clock, steps);
  const end = await runSample(
    { unit: 3, epoch: 1, ordinal: 1, line: Buffer.from(line ?? '{"input": "q", "target": "a"}'), context },
    {
      provider,
      clock,
      random: () => 0,
      signal: new AbortController().signal,
      acquire: async () => () => undefined,
      inTurn: async (piece) => piece(),
      onRetry: () => undefined,
      isRefusal: (c) => c === 'quota',
      ...options,
    },
  );
  if (end.kind !== 'result') throw new Error(end.kind);
  return { result: unitResultSchema.parse(JSON.parse(JSON.stringify(end.result))), requests: provider.requests, clock };
}

test('a call is cut by the time limit and ends as class limit', async () => {
  const { result } = await run({ steps: [{ ms: 60_000 }], limits: { time: 5 } });
  expect(result).toMatchObject({ outcome: 'errored', error: { class: 'limit' }, limit: 'time', calls: 1, timing: { totalMs: 5000 } });
  expect(result.failures).toMatchObject([{ class: 'timeout', ms: 5000 }]);
  expect(result.completion).toBeUndefined();
});

test('a wait that would go past the time limit is not begun', async () => {
  const { result, clock } = await run({ steps: [{ ms: 100, fails: 'rate_limit', retryAfterMs: 60_000 }], limits: { time: 30 } });
  expect(result).toMatchObject({ error: { class: 'limit' }, limit: 'time', calls: 1 });
  expect(clock.time).toBe(100);
});

test('the working limit does not count waits', async () => {
  const slow: Step = { ms: 1000, fails: 'rate_limit', retryAfterMs: 50_000 };
  const { result } = await run({ steps: [slow, slow, { ms: 1000 }], limits: { working: 10 } });
  expect(result).toMatchObject({ outcome: 'scored', calls: 3, timing: { workingMs: 3000 } });
  expect(result.timing.totalMs).toBeGreaterThan(100_000);
  const over = await run({ steps: [{ ...slow, ms: 4000 }], limits: { working: 10 }, retry: { max_retries: 9 } });
  expect(over.result).toMatchObject({ error: { class: 'limit' }, limit: 'working', calls: 3, timing: { workingMs: 10_000 } });
});

test('an error that is no matter of time keeps its class under a limit', async () => {
  const { result } = await run({ steps: [{ ms: 10, fails: 'content_filter' }], limits: { time: 5, working: 5 } });
  expect(result.error?.class).toBe('content_filter');
  expect(result.limit).toBeUndefined();
});

test('max_tokens is lowered to what is left; what goes beyond is scored and says so', async () => {
  const big: Step = { ms: 1, usage: { inputTokens: 90, outputTokens: 20 } };
  const { result, requests } = await run({ steps: [big], limits: { tokens: 100 }, generate_config: { max_tokens: 4096 } });
  expect(requests[0]!.config.max_tokens).toBe(100);
  expect(result).toMatchObject({ outcome: 'scored', limit: 'tokens', completion: 'a' });
  const within = await run({ steps: [{ ms: 1 }], limits: { tokens: 100 }, generate_config: { max_tokens: 50 } });
  expect(within.requests[0]!.config.max_tokens).toBe(50);
  expect(within.result.limit).toBeUndefined();
  const cut = await run({ steps: [{ ms: 1, stopReason: 'length' }], limits: { tokens: 100 } });
  expect(cut.result).toMatchObject({ outcome: 'scored', limit: 'tokens' });
});

test('an errored sample runs again from its start; all that it took is counted', async () => {
  const { result, requests } = await run({
    steps: [{ ms: 10, fails: 'request' }, { ms: 10, fails: 'server_error' }, { ms: 10, fails: 'server_error' }, { ms: 10 }],
    retry: { max_retries: 1 },
    retryOnError: 5,
  });
  expect(result).toMatchObject({ outcome: 'scored', calls: 4, retries: 3 });
  expect(result.failures?.map((f) => f.class)).toEqual(['request', 'server_error', 'server_error']);
  expect(requests).toHaveLength(4);
});

test('a scorer that fails runs the sample again, with the usage of all its completions', async () => {
  const { result } = await run({
    ...{ steps: [{ ms: 10, completion: '1' }], retryOnError: 2 },
    ...{ scorer: { name: 'numeric_diff' }, line: '{"input": "q", "target": "seven"}' },
  });
  expect(result).toMatchObject({
    outcome: 'errored',
    error: { class: 'scorer_error' },
    completion: '1',
    calls: 3,
    usage: { inputTokens: 30, outputTokens: 15 },
  });
  expect(result.failures?.map((f) => f.class)).toEqual(['scorer_error', 'scorer_error']);
});

test('no further run without tokens, without time, and after a limit', async () => {
  const spent = await run({ steps: [{ ms: 1, fails: 'request' }], retryOnError: 3, limits: { time: 1 } });
  expect(spent.result.calls).toBe(4);
  const timed = await run({ steps: [{ ms: 2000 }], retryOnError: 3, limits: { time: 1 } });
  expect(timed.result).toMatchObject({ calls: 1, limit: 'time' });
});

test('of many failures the first ones and the last are kept', async () => {
  const { result } = await run({ steps: [{ ms: 1, fails: 'server_error' }], retry: { max_retries: 70 } });
  expect(result.calls).toBe(71);
  expect(result.failures).toHaveLength(MAX_FAILURES);
  expect(result.failures![0]!.startedAt).toBe(0);
  expect(result.failures!.at(-1)).toMatchObject({ waitedMs: 0 });
});

test('the trace is named', async () => {
  const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
  expect((await run({ steps: [{ ms: 1 }], options: { traceparent } })).result.traceId).toBe('a'.repeat(32));
  expect((await run({ steps: [{ ms: 1 }] })).result.traceId).toBeUndefined();
});

test('whatever happens: work is within the whole, limits hold, and outcome and error agree', async () => {
  const step = fc.record(
    {
      ms: fc.integer({ min: 0, max: 3000 }),
      fails: fc.constantFrom<ErrorClass>('server_error', 'rate_limit', 'timeout', 'request', 'too_large'),
      retryAfterMs: fc.integer({ min: 0, max: 5000 }),
    },
    { requiredKeys: ['ms'] },
  );
  const limits = fc.record(
    { time: fc.double({ min: 0.1, max: 8, noNaN: true }), working: fc.double({ min: 0.1, max: 5, noNaN: true }) },
    { requiredKeys: [] },
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 1, maxLength: 6 }),
      limits,
      fc.integer({ min: 0, max: 3 }),
      async (steps, given, retryOnError) => {
        const { result } = await run({ steps, limits: given, retryOnError, retry: { max_retries: 2 } });
        const { totalMs, workingMs } = result.timing;
        expect(workingMs).toBeLessThanOrEqual(totalMs);
        expect(totalMs).toBeLessThanOrEqual((given.time ?? Infinity) * 1000 + 2);
        expect(workingMs).toBeLessThanOrEqual((given.working ?? Infinity) * 1000 + 2);
        expect(result.outcome === 'errored').toBe(result.error !== undefined);
        expect(result.error?.class === 'limit').toBe(result.limit !== undefined);
        expect(result.calls).toBeLessThanOrEqual(3 * (retryOnError + 1));
        expect(result.failures?.length ?? 0).toBe(result.outcome === 'errored' ? result.calls : result.calls - 1);
      },
    ),
    { numRuns: 60 },
  );
});
