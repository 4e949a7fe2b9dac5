/** Likelihood solvers against an endpoint that echoes: sums of the continuation's tokens alone, refusals said once. */
import { afterEach, describe, expect, test } from 'vitest';
import { OpenAiProvider } from '../../../../agent/models/openai.ts';
import { MockProvider } from '../../../../agent/models/mock.ts';
import { ModelError, type Generation, type ModelProvider } from '../../../../agent/models/provider.ts';
import { createSolver } from '../../../../agent/solvers/registry.ts';
import { compileBenchmark } from '../../../../shared/domain/sample.ts';
import { parseSpec, type BenchmarkSpec } from '../../../../shared/domain/spec.ts';
import { CompletionsServer, isLikeliest, logprobOf, tokensOf, type CompletionsOptions } from '../../../support/completions-server.ts';
import { noTools } from '../../../support/scorer-tools.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

const SCORERS: Record<string, string> = { loglikelihood_choice: 'acc', loglikelihood: 'acc', loglikelihood_rolling: 'loglikelihood' };

function benchmarkOf(name: string, args: Record<string, unknown> = {}, more: Record<string, unknown> = {}): BenchmarkSpec {
  return parseSpec({
    name: 'n',
    benchmarks: [{ benchmark: 'b', dataset: { uri: 'file:a.jsonl' }, solver: { name, args }, scorers: [SCORERS[name]], ...more }],
    models: [{ model: 'openai/m' }],
  }).benchmarks[0]!;
}

const base = { maxConnections: 2, lookAhead: 0, options: {} };

async function server(options: CompletionsOptions = {}): Promise<{ endpoint: CompletionsServer; provider: OpenAiProvider }> {
  const endpoint = await new CompletionsServer(options).start();
  const provider = new OpenAiProvider({ ...base, match: 'openai/m', provider: 'openai', baseUrl: endpoint.url, endpoint: 'completions' });
  closing.push(
    () => provider.close(),
    () => endpoint.stop(),
  );
  return { endpoint, provider };
}

async function rate(provider: ModelProvider, benchmark: BenchmarkSpec, line: Record<string, unknown>): Promise<Generation> {
  const compiled = compileBenchmark(benchmark);
  const sample = compiled.map(JSON.stringify(line), 1);
  return createSolver(benchmark, noTools())
    .over(provider)
    .generate({
      model: 'm',
      ...compiled.messages(sample, 1),
      config: {},
      sample: { id: sample.id, epoch: 1, target: sample.target },
      unit: { evaluationId: 'ev', unit: 0, epoch: 1, model: 'openai/m', sample },
      attemptTimeoutMs: 10_000,
      signal: new AbortController().signal,
    });
}

const sumOf = (text: string): number => tokensOf(text).reduce((sum, token) => sum + logprobOf(token), 0);
const QUESTION = { input: 'What is blue?', target: 'the sea', choices: ['the sea', 'grass', 'a rose'] };

describe('loglikelihood_choice', () => {
  test.each<[string, CompletionsOptions, number[]]>([
    ['that takes max_tokens 0', {}, [0, 0, 0]],
    ['that refuses it, which is asked once', { refusesZero: true }, [0, 1, 1, 1]],
    ['that takes it for its default, which is asked once', { zeroIs: 16 }, [0, 1, 1, 1]],
    ['that puts a token in front', { begin: '<s>' }, [0, 0, 0]],
  ])('adds up the tokens of each choice behind the delimiter, at a server %s', async (_, options, asked) => {
    const { endpoint, provider } = await server(options);
    const { completion, likelihoods, usage } = await rate(provider, benchmarkOf('loglikelihood_choice'), QUESTION);
    expect(endpoint.bodies.map((body) => body.max_tokens)).toEqual(asked);
    expect(endpoint.bodies.at(-1)).toMatchObject({ model: 'm', prompt: 'What is blue? a rose', echo: true, logprobs: 1, temperature: 0 });
    expect(likelihoods!.map(({ text, isTarget, tokens }) => ({ text, isTarget, tokens }))).toEqual([
      { text: 'the sea', isTarget: true, tokens: 2 },
      { text: 'grass', isTarget: false, tokens: 1 },
      { text: 'a rose', isTarget: false, tokens: 2 },
    ]);
    for (const { text, logLikelihood, isGreedy } of likelihoods!) {
      expect(logLikelihood).toBeCloseTo(sumOf(` ${text}`), 12);
      expect(isGreedy).toBe(tokensOf(` ${text}`).every(isLikeliest));
    }
    expect(likelihoods!.find(({ text }) => text === completion)!.logLikelihood).toBe(
      Math.max(...likelihoods!.map((one) => one.logLikelihood)),
    );
    expect(usage.inputTokens).toBeGreaterThan(10);
  });

  test('white space at the end of the prompt is the continuation’s', async () => {
    const { endpoint, provider } = await server();
    const benchmark = benchmarkOf(
      'loglikelihood_choice',
      {},
      { prompt: { template: '{{ input }} ', num_fewshot: 0, fewshot: { target_delimiter: '' } } },
    );
    const { likelihoods } = await rate(provider, benchmark, QUESTION);
    expect(endpoint.bodies[1]!.prompt).toBe('What is blue? grass');
    expect(likelihoods![1]!.logLikelihood).toBeCloseTo(logprobOf(' grass'), 12);
  });

  test('letters, and a target that is a place', async () => {
    const { endpoint, provider } = await server();
    const { likelihoods } = await rate(provider, benchmarkOf('loglikelihood_choice', { continuations: 'letters' }), {
      ...QUESTION,
      target: 2,
    });
    expect(endpoint.bodies.map(({ prompt }) => prompt.slice(-2))).toEqual([' A', ' B', ' C']);
    expect(likelihoods!.map(({ isTarget }) => isTarget)).toEqual([false, false, true]);
  });
});

test('loglikelihood rates the target as it is, and an empty prompt needs a prefix where the server has none', async () => {
  const { provider, endpoint } = await server();
  const { likelihoods, completion } = await rate(provider, benchmarkOf('loglikelihood'), { input: 'The sea is', target: ' blue' });
  expect([completion, likelihoods!.length]).toEqual(['', 1]);
  expect(likelihoods![0]!.logLikelihood).toBeCloseTo(logprobOf(' blue'), 12);
  const bare = { input: '', target: 'The sea' };
  await expect(rate(provider, benchmarkOf('loglikelihood'), bare)).rejects.toMatchObject({
    errorClass: 'request',
    message: expect.stringContaining("set prefix in the solver's args") as string,
  });
  const prefixed = await rate(provider, benchmarkOf('loglikelihood', { prefix: '<eos>' }), bare);
  expect(endpoint.bodies.at(-1)!.prompt).toBe('<eos>The sea');
  expect(prefixed.likelihoods![0]!.logLikelihood).toBeCloseTo(sumOf('The') + logprobOf(' sea'), 12);
});

test('a rolling text is rated once, token by token, in as many windows as it takes', async () => {
  const text = Array.from({ length: 60 }, (_, i) => `word${i}`).join(' ');
  const { provider, endpoint } = await server({ begin: '<s>' });
  const benchmark = benchmarkOf('loglikelihood_rolling', { max_characters: 100 });
  const { likelihoods } = await rate(provider, benchmark, { input: '', target: text });
  expect(endpoint.bodies.length).toBeGreaterThan(3);
  for (const { prompt } of endpoint.bodies) expect(prompt.length).toBeLessThanOrEqual(110);
  expect(likelihoods![0]!.logLikelihood).toBeCloseTo(sumOf(text), 9);
  expect(likelihoods![0]!.tokens).toBe(tokensOf(text).length);
});

describe('what cannot rate is refused with a reason', () => {
  test('an endpoint without log-probabilities of the prompt, which is asked once', async () => {
    const { provider, endpoint } = await server({ blind: true });
    for (let i = 0; i < 3; i++)
      await expect(rate(provider, benchmarkOf('loglikelihood_choice'), QUESTION)).rejects.toMatchObject({
        errorClass: 'request',
        message: expect.stringMatching(/^no log-probabilities of a prompt: the answer has no logprobs; use a server/) as string,
      });
    expect(endpoint.bodies).toHaveLength(1);
  });

  test('chat, and a provider that has none, without a call', async () => {
    const chat = new OpenAiProvider({ ...base, match: 'openai/m', provider: 'openai', baseUrl: 'http://127.0.0.1:9/v1' });
    closing.push(() => chat.close());
    const none: ModelProvider = { generate: () => Promise.reject(new ModelError('request', 'called')), close: () => Promise.resolve() };
    for (const [provider, words] of [
      [chat, /a chat endpoint gives none.*endpoint: completions/],
      [none, /this provider has none/],
    ] as const)
      await expect(rate(provider, benchmarkOf('loglikelihood'), { input: 'a', target: 'b' })).rejects.toMatchObject({
        errorClass: 'request',
        message: expect.stringMatching(words) as string,
      });
  });
});

test('what was rated before a call failed is not asked again', async () => {
  let calls = 0;
  const flaky: ModelProvider = {
    generate: () => Promise.reject(new Error('never')),
    rate: () =>
      ++calls === 2
        ? Promise.reject(new ModelError('server_error', 'HTTP 500'))
        : Promise.resolve({ logLikelihood: -calls, isGreedy: false, tokens: 1, usage: { inputTokens: 1, outputTokens: 0 } }),
    close: () => Promise.resolve(),
  };
  const benchmark = benchmarkOf('loglikelihood_choice');
  const compiled = compileBenchmark(benchmark);
  const sample = compiled.map(JSON.stringify(QUESTION), 1);
  const caller = createSolver(benchmark, noTools()).over(flaky);
  const request = {
    model: 'm',
    ...compiled.messages(sample, 1),
    config: {},
    sample: { id: 1, epoch: 1, target: sample.target },
    unit: { evaluationId: 'ev', unit: 0, epoch: 1, model: 'openai/m', sample },
    attemptTimeoutMs: 1_000,
    signal: new AbortController().signal,
  };
  await expect(caller.generate(request)).rejects.toMatchObject({ errorClass: 'server_error' });
  expect((await caller.generate(request)).likelihoods!.map(({ logLikelihood }) => logLikelihood)).toEqual([-1, -3, -4]);
});

test('the mock holds the target for likeliest, by any length, where it answers rightly', async () => {
  const provider = new MockProvider({ ...base, match: 'mock/*', provider: 'mock', options: { accuracy: 0.5 } });
  const right = new Set<boolean>();
  for (let id = 0; id < 20; id++) {
    const line = { ...QUESTION, id };
    const first = await rate(provider, benchmarkOf('loglikelihood_choice'), line);
    expect(await rate(provider, benchmarkOf('loglikelihood_choice'), line)).toEqual(first);
    const weighed = first.likelihoods!.map(({ logLikelihood, text }) => logLikelihood / text.length);
    expect(first.completion === 'the sea').toBe(Math.max(...weighed) === weighed[0]);
    right.add(first.completion === 'the sea');
  }
  expect(right.size).toBe(2);
});
