/** What names a completion in the cache, and what of it is kept. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { KeptAnswer } from '../../../../agent/cache/entry.ts';
import type { GenerateRequest, Generation, ModelProvider } from '../../../../agent/models/provider.ts';
import { createSolver } from '../../../../agent/solvers/registry.ts';
import type { Asked } from '../../../../agent/solvers/solver.ts';
import { answerCache, cacheKeyOf, type CacheKeyParts } from '../../../../agent/work/cached-answer.ts';
import { ContextCache, type Context } from '../../../../agent/work/context-cache.ts';
import { runSample, type RunSampleOptions } from '../../../../agent/work/run-sample.ts';
import { parseSpec, type BenchmarkSpec } from '../../../../shared/domain/spec.ts';
import { systemClock } from '../../../../shared/runtime/clock.ts';
import { assignmentOf } from '../../../support/fake-coordinator.ts';
import { noTools } from '../../../support/scorer-tools.ts';
import { ScriptedProvider } from '../../../support/scripted-provider.ts';

const benchmarkOf = (more: object = {}): BenchmarkSpec =>
  parseSpec({
    name: 'x',
    benchmarks: [{ benchmark: 'b', dataset: { uri: 'file:x.jsonl' }, scorers: ['match'], ...more }],
    models: [{ model: 'openai/m' }],
  }).benchmarks[0]!;

function partsOf(change: (parts: CacheKeyParts) => void = () => undefined, benchmark = benchmarkOf()): CacheKeyParts {
  const sample = { id: 's1', input: 'Q', target: ['4'], choices: ['4', '5'], metadata: {} };
  const request: Asked = {
    model: 'm',
    messages: [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'Q' },
    ],
    config: { temperature: 0, seed: 1, extra_body: { a: { b: 1, c: 2 } } },
    sample: { id: 's1', epoch: 1, target: ['4'] },
    unit: { evaluationId: 'ev_1', unit: 3, epoch: 1, model: 'openai/m', sample },
  };
  const parts: CacheKeyParts = {
    policy: { namespace: 'default', perEpoch: true, scopes: {} },
    entry: { provider: 'openai', baseUrl: 'http://one/v1', options: {} },
    benchmark,
    solver: createSolver(benchmark, { posts: noTools().posts }),
    request,
  };
  change(parts);
  return parts;
}
const keyOf = (change?: (parts: CacheKeyParts) => void, benchmark?: BenchmarkSpec): string => cacheKeyOf(partsOf(change, benchmark));

describe('the key', () => {
  const base = keyOf();

  test.each<[string, (parts: CacheKeyParts) => void]>([
    ['the model', (p) => (p.request.model = 'n')],
    ['a message', (p) => (p.request.messages[1]!.content = 'R')],
    ['a role', (p) => (p.request.messages[0]!.role = 'user')],
    ['the system message', (p) => p.request.messages.shift()],
    ['the beginning of the answer', (p) => (p.request.prefill = 'The')],
    ['a parameter', (p) => (p.request.config.temperature = 1)],
    ['a parameter more', (p) => (p.request.config.top_p = 1)],
    ['a parameter of the endpoint’s own', (p) => (p.request.config.extra_body = { a: { b: 1, c: 3 } })],
    ['the epoch', (p) => (p.request.sample.epoch = 2)],
    ['the endpoint', (p) => (p.entry = { ...p.entry, baseUrl: 'http://two/v1' })],
    ['the provider', (p) => (p.entry = { ...p.entry, provider: 'anthropic' })],
    ['the form of the endpoint', (p) => (p.entry = { ...p.entry, endpoint: 'completions' })],
    ['the namespace', (p) => (p.policy.namespace = 'other')],
    ['a scope', (p) => (p.policy.scopes = { team: 'a' })],
  ])('changes with %s', (_, change) => expect(keyOf(change)).not.toBe(base));

  test.each<[string, (parts: CacheKeyParts) => void]>([
    ['the evaluation and the unit', (p) => Object.assign(p.request.unit!, { evaluationId: 'ev_2', unit: 9 })],
    ['the sample’s id and target', (p) => (p.request.sample = { id: 'other', epoch: 1, target: ['9'] })],
    ['when a completion expires', (p) => (p.policy.expirySeconds = 5)],
    ['the order of keys', (p) => (p.request.config = { extra_body: { a: { c: 2, b: 1 } }, seed: 1, temperature: 0 })],
  ])('does not change with %s', (_, change) => expect(keyOf(change)).toBe(base));

  test('of one that all epochs share does not change with the epoch', () => {
    const shared = (epoch: number): string =>
      keyOf((p) => {
        p.policy.perEpoch = false;
        p.request.sample.epoch = epoch;
      });
    expect(shared(2)).toBe(shared(1));
  });

  test('differs for different parameters, whatever they are, and not for their order', () => {
    const json = fc.dictionary(
      fc.string({ maxLength: 4 }).filter((name) => name !== '__proto__'),
      fc.jsonValue({ maxDepth: 2 }),
      { maxKeys: 4 },
    );
    const keyWith = (extra: object): string => keyOf((p) => (p.request.config.extra_body = extra as Record<string, unknown>));
    fc.assert(
      fc.property(json, json, (a, b) => {
        expect(keyWith(Object.fromEntries(Object.entries(a).toReversed()))).toBe(keyWith(a));
        const sorted = (value: unknown): unknown =>
          value && typeof value === 'object' && !Array.isArray(value)
            ? Object.entries(value)
                .map(([k, v]): unknown => [k, sorted(v)])
                .toSorted((x, y) => (JSON.stringify(x) < JSON.stringify(y) ? -1 : 1))
            : Array.isArray(value)
              ? value.map(sorted)
              : value;
        if (JSON.stringify(sorted(a)) !== JSON.stringify(sorted(b))) expect(keyWith(a)).not.toBe(keyWith(b));
      }),
    );
  });

  test('of rated texts changes with what is rated and what is right', () => {
    const rated = benchmarkOf({ solver: 'loglikelihood_choice', scorers: ['acc'] });
    const one = keyOf(undefined, rated);
    expect(keyOf((p) => (p.request.unit!.sample.choices = ['4', '6']), rated)).not.toBe(one);
    expect(keyOf((p) => (p.request.unit!.sample.target = ['5']), rated)).not.toBe(one);
    expect(one).not.toBe(base);
  });

  test('of the mock changes with what it answers by', () => {
    const mock = (change: (p: CacheKeyParts) => void): string =>
      keyOf((p) => {
        p.entry = { ...p.entry, provider: 'mock' };
        change(p);
      });
    const one = mock(() => undefined);
    expect(mock((p) => (p.request.sample.id = 'other'))).not.toBe(one);
    expect(mock((p) => (p.entry = { ...p.entry, options: { seed: 2 } }))).not.toBe(one);
  });
});

/** The cache of a store in memory. */
function inMemory() {
  const kept = new Map<string, KeptAnswer>();
  const lookups: string[] = [];
  const store = { find: async (key: string) => kept.get(key), keep: async (key: string, answer: KeptAnswer) => void kept.set(key, answer) };
  const { policy, entry, benchmark, solver } = partsOf();
  const options = { store, policy, entry, benchmark, solver, onLookup: (outcome: string) => void lookups.push(outcome) };
  return { kept, lookups, options, cache: answerCache(options)! };
}

describe('what is kept', () => {
  const usage = { inputTokens: 1, outputTokens: 1 };
  const likelihood = { text: 'a', logLikelihood: -1, isGreedy: true, isTarget: true, tokens: 1 };
  test.each<[string, Partial<Generation>, boolean]>([
    ['an answer that the model ended', { stopReason: 'stop' }, true],
    ['one of Anthropic’s', { stopReason: 'end_turn' }, true],
    ['one that max_tokens has cut', { stopReason: 'length' }, true],
    ['one of Anthropic’s that it has cut', { stopReason: 'max_tokens' }, true],
    ['a refusal', { stopReason: 'refusal' }, false],
    ['one that a filter has cut', { stopReason: 'content_filter' }, false],
    ['one of which nobody says how it ended', {}, false],
    ['rated texts', { likelihoods: [likelihood] }, true],
    ['a text that cannot be', { likelihoods: [{ ...likelihood, logLikelihood: -Infinity }] }, false],
  ])('%s', async (_, more, isKept) => {
    const { kept, cache } = inMemory();
    await cache.keep(partsOf().request, { completion: 'x', usage, timeToFirstChunkMs: 5, ...more });
    expect([...kept.values()]).toEqual(isKept ? [{ completion: 'x', ...more }] : []);
  });

  test('nothing where it is off, forbidden, or the team’s own code answers', () => {
    const { options } = inMemory();
    const http = benchmarkOf({ solver: { name: 'http', args: { url: 'http://127.0.0.1:9/' } } });
    expect(answerCache({ ...options, policy: undefined })).toBeUndefined();
    expect(answerCache({ ...options, store: undefined })).toBeUndefined();
    expect(answerCache({ ...options, benchmark: http })).toBeUndefined();
  });
});

describe('a sample', () => {
  const { contextDigest, contextJson } = assignmentOf({ count: 1, retry: { max_retries: 1 } });
  const context = new ContextCache(noTools()).get(contextDigest, contextJson);
  const run = (provider: ModelProvider, more: Partial<RunSampleOptions>, own: Context = context) =>
    runSample(
      { unit: 5, epoch: 1, ordinal: 9, line: Buffer.from('{"input": "2+2", "target": "4"}'), context: own },
      {
        ...{ provider, clock: systemClock, random: () => 0, signal: new AbortController().signal },
        ...{ acquire: async () => () => undefined, inTurn: async (piece) => piece(), onRetry: () => undefined, isRefusal: () => false },
        ...more,
      },
    );

  test('that was answered before costs no call and no token, and has the same score', async () => {
    const { cache, lookups } = inMemory();
    const provider = new ScriptedProvider(() => '4');
    const ended: ModelProvider = {
      close: async () => undefined,
      generate: async (r: GenerateRequest) => ({ ...(await provider.generate(r)), stopReason: 'stop' }),
    };
    const first = await run(ended, { cache });
    const again = await run(provider, { cache, acquire: () => Promise.reject(new Error('a connection was asked for')) });
    if (first.kind !== 'result' || again.kind !== 'result') throw new Error('no result');
    expect(provider.requests).toHaveLength(1);
    expect(lookups).toEqual(['miss', 'hit']);
    const { calls, retries, usage, provenance, scores, completion, outcome, stopReason } = again.result;
    expect({ calls, retries, usage }).toEqual({ calls: 0, retries: 0, usage: { inputTokens: 0, outputTokens: 0 } });
    expect(provenance).toEqual({ ...first.result.provenance, cached: true });
    expect({ scores, completion, outcome, stopReason }).toEqual({
      ...{ scores: first.result.scores, completion: '4', outcome: 'scored', stopReason: first.result.stopReason },
    });
  });

  test('whose scorer failed on a kept completion is asked for anew when it runs again', async () => {
    const { cache } = inMemory();
    const provider = new ScriptedProvider(() => '4');
    const ended: ModelProvider = {
      close: async () => undefined,
      generate: async (r) => ({ ...(await provider.generate(r)), stopReason: 'stop' }),
    };
    await run(ended, { cache });
    const broken = {
      ...context,
      task: { ...context.task, retryOnError: 2 },
      scorers: [
        {
          id: 'exact',
          score: () => {
            throw new Error('broken');
          },
        },
      ],
    };
    expect(await run(ended, { cache }, broken)).toMatchObject({ result: { error: { class: 'scorer_error' }, calls: 2 } });
    expect(provider.requests).toHaveLength(3);
  });

  test('that failed leaves nothing', async () => {
    const { cache, kept } = inMemory();
    const provider = new ScriptedProvider(() => {
      throw new Error('no');
    });
    expect(await run(provider, { cache })).toMatchObject({ result: { outcome: 'errored' } });
    expect(kept.size).toBe(0);
  });
});
