import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MockProvider } from '../../../../agent/models/mock.ts';
import { ModelError, type GenerateRequest, type ModelEntry } from '../../../../agent/models/provider.ts';
import { createScorer } from '../../../../shared/scoring/registry.ts';
import type { Clock } from '../../../../shared/runtime/clock.ts';

const entry = (options: Record<string, unknown> = {}): ModelEntry => ({
  match: 'mock/*',
  provider: 'mock',
  maxConnections: 4,
  lookAhead: 1,
  options,
});

/** A clock on which sleeping takes no time but is written down. */
const instantClock = (slept: number[] = []): Clock => ({
  now: () => 0,
  monotonic: () => 0,
  soon: (work) => work(),
  sleep: async (ms, signal) => {
    signal?.throwIfAborted();
    slept.push(ms);
  },
});

function request(
  id: string | number,
  target: string[],
  mock?: Record<string, unknown>,
  more: Partial<GenerateRequest> = {},
): GenerateRequest {
  return {
    model: 'm',
    messages: [{ role: 'user', content: 'What is it?' }],
    config: mock ? { extra_body: { mock } } : {},
    sample: { id, epoch: 1, target },
    attemptTimeoutMs: 1000,
    signal: new AbortController().signal,
    ...more,
  };
}
const classOf = async (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => 'answer',
    (error: unknown) => (error instanceof ModelError ? error.errorClass : 'other'),
  );

describe('the mock', () => {
  test('answers the same share of samples rightly, the same ones on any instance', async () => {
    const [a, b] = [new MockProvider(entry({ accuracy: 0.7, seed: 5 })), new MockProvider(entry({ accuracy: 0.7, seed: 5 }))];
    const answers = async (provider: MockProvider): Promise<string[]> =>
      Promise.all(Array.from({ length: 2000 }, async (_, i) => (await provider.generate(request(i, ['42']))).completion));
    const [first, second] = [await answers(a), (await answers(b)).toReversed().toReversed()];
    expect(first).toEqual(second);
    expect(await answers(a)).toEqual(first);
    const right = first.filter((completion) => completion === 'The answer is 42').length;
    expect(right / 2000).toBeGreaterThan(0.65);
    expect(right / 2000).toBeLessThan(0.75);
    const other = new MockProvider(entry({ accuracy: 0.7, seed: 6 }));
    expect(await answers(other)).not.toEqual(first);
  });

  test('epochs of a sample are drawn apart', async () => {
    const provider = new MockProvider(entry({ accuracy: 0.5 }));
    const answers = await Promise.all(
      Array.from(
        { length: 50 },
        async (_, i) =>
          (await provider.generate(request(1, ['42'], undefined, { sample: { id: 1, epoch: i + 1, target: ['42'] } }))).completion,
      ),
    );
    expect(new Set(answers).size).toBe(2);
  });

  test('property: right passes match and includes, wrong passes none of them', async () => {
    const scorers = [
      createScorer({ name: 'match', args: {} }),
      createScorer({ name: 'match', args: { numeric: true } }),
      createScorer({ name: 'includes', args: {} }),
    ];
    const target = fc.oneof(
      fc.integer({ min: -1000, max: 10_000_000 }).map(String),
      fc.constantFrom('A', 'B', 'yes', 'No', 'answer', 'is', '$1,234.50', '60%', 'Paris', 'the answer', 'unknown', '9', '99', '0', '7'),
      fc.stringMatching(/^[a-zA-Z]{1,12}( [a-zA-Z]{1,12})?$/),
    );
    const [right, wrong] = [new MockProvider(entry({ accuracy: 1 })), new MockProvider(entry({ accuracy: 0 }))];
    await fc.assert(
      fc.asyncProperty(fc.array(target, { minLength: 1, maxLength: 2 }), fc.constantFrom(0, 50, 300), async (targets, completion_bytes) => {
        const good = (await right.generate(request('s', targets, { completion_bytes }))).completion;
        const bad = (await wrong.generate(request('s', targets, { completion_bytes }))).completion;
        expect(Buffer.byteLength(good)).toBeGreaterThanOrEqual(completion_bytes);
        expect(Buffer.byteLength(bad)).toBeGreaterThanOrEqual(completion_bytes);
        expect(scorers.map((score) => score(good, targets).value)).toEqual(['C', 'C', 'C']);
        expect(scorers.map((score) => score(bad, targets).value)).toEqual(['I', 'I', 'I']);
      }),
      // A wrong answer to the first that ends in the second, without its sign.
      { numRuns: 300, examples: [[['2537571', '-3'], 0]] },
    );
  });

  test('errors and hangs come in their shares and a repetition can succeed', async () => {
    const provider = new MockProvider(
      entry({ error_rate: { rate_limit: 0.2, server_error: 0.1 }, hang_rate: 0.1, retry_after_ms: 30 }),
      instantClock(),
    );
    const classes = await Promise.all(Array.from({ length: 3000 }, () => classOf(provider.generate(request('same', ['1'])))));
    const share = (name: string): number => classes.filter((c) => c === name).length / classes.length;
    for (const [name, expected] of [
      ['rate_limit', 0.2],
      ['server_error', 0.1],
      ['timeout', 0.1],
      ['answer', 0.6],
    ] as const) {
      expect(Math.abs(share(name) - expected)).toBeLessThan(0.04);
    }
    const limited = new MockProvider(entry({ error_rate: { rate_limit: 1 }, retry_after_ms: 30 }));
    await expect(limited.generate(request(1, []))).rejects.toMatchObject({ errorClass: 'rate_limit', retryAfterMs: 30 });
    expect(await classOf(new MockProvider(entry({ error_rate: 1 })).generate(request(1, [])))).toBe('server_error');
  });

  test('latency is fixed, or log-normal around its median', async () => {
    const fixed: number[] = [];
    const steady = new MockProvider(entry({ latency_ms: 20 }), instantClock(fixed));
    for (let i = 0; i < 5; i++) await steady.generate(request(i, []));
    expect(fixed).toEqual([20, 20, 20, 20, 20]);
    const spread: number[] = [];
    const varied = new MockProvider(entry({ latency_ms: 20, sigma: 0.5 }), instantClock(spread));
    for (let i = 0; i < 2001; i++) await varied.generate(request(i, []));
    const sorted = spread.toSorted((a, b) => a - b);
    expect(sorted[1000]).toBeGreaterThan(18);
    expect(sorted[1000]).toBeLessThan(22);
    expect(sorted[0]).toBeGreaterThan(0);
    expect(sorted[2000]).toBeGreaterThan(60);
  });

  test("a hang ends by the attempt's time or by the signal", async () => {
    const provider = new MockProvider(entry({ hang_rate: 1 }));
    await expect(provider.generate(request(1, [], undefined, { attemptTimeoutMs: 5 }))).rejects.toMatchObject({ errorClass: 'timeout' });
    const abort = new AbortController();
    const call = provider.generate(request(1, [], undefined, { signal: abort.signal, attemptTimeoutMs: 600_000 }));
    const reason = new Error('drained');
    abort.abort(reason);
    await expect(call).rejects.toBe(reason);
  });

  test('text is fixed or filled in, and fills nothing else in', async () => {
    const provider = new MockProvider(
      entry({ text: '#{{ id }}/{{epoch}} {{ model }} {{ input }} -> {{ answer }} ({{ correct }}, {{ target }})' }),
    );
    expect((await provider.generate(request(3, ['x {{ id }} $& y']))).completion).toBe(
      '#3/1 m What is it? -> x {{ id }} $& y (true, x {{ id }} $& y)',
    );
    expect((await provider.generate(request(3, ['x'], { text: 'fixed' }))).completion).toBe('fixed');
  });

  test('knobs of the spec win one by one; tokens are counted', async () => {
    const provider = new MockProvider(entry({ accuracy: 0, text: '{{ correct }}' }));
    expect(await provider.generate(request(1, ['x'], { accuracy: 1 }))).toMatchObject({
      completion: 'true',
      usage: { inputTokens: 3, outputTokens: 1 },
      stopReason: 'stop',
    });
    expect((await provider.generate(request(1, ['x'], {}))).completion).toBe('false');
  });

  test('wrong knobs are told all at once: in the entry when it starts, in a spec as a refused request', async () => {
    expect(() => new MockProvider(entry({ accuracy: 2, latency: 5, text: '{{ secret }}' }))).toThrow(
      /3 faults[^]*accuracy[^]*secret[^]*latency/,
    );
    expect(() => new MockProvider(entry({ error_rate: { rate_limit: 0.7 }, hang_rate: 0.5 }))).toThrow(/sum up to 1.2/);
    expect(() => new MockProvider(entry({ error_rate: { scorer_error: 0.1 } }))).toThrow(/error_rate/);
    const provider = new MockProvider(entry());
    await expect(provider.generate(request(1, [], { hang_rate: 'often' }))).rejects.toMatchObject({
      errorClass: 'request',
      message: expect.stringContaining('hang_rate') as string,
    });
    await expect(provider.generate({ ...request(1, []), config: { extra_body: { mock: 'fast' } } })).rejects.toMatchObject({
      errorClass: 'request',
    });
  });
});
