/** What is reserved for a call and what counts after it, by prices and tokens; which models a spec may name; who shares a purse. */
import { describe, expect, test } from 'vitest';
import {
  ModelError,
  type GenerateRequest,
  type Generation,
  type ModelEntry,
  type ModelProvider,
} from '../../../../agent/models/provider.ts';
import { forbids } from '../../../../agent/policy/forbids.ts';
import { Secret } from '../../../../agent/secrets/secret.ts';
import { cappedProvider, SpendCapError } from '../../../../agent/spend/capped-provider.ts';
import { capOf, entryPrice, payerOf, unboundedBy } from '../../../../agent/spend/open-purses.ts';
import { Purses, type Purse } from '../../../../agent/spend/purse.ts';
import { PRICES } from '../../../../shared/domain/prices.ts';
import type { TaskContext } from '../../../../shared/domain/manifest.ts';

const clock = { now: () => 1_700_000_000_000 };
const signal = new AbortController().signal;
const request = (
  config: GenerateRequest['config'] = { max_tokens: 100 },
  content: GenerateRequest['messages'][0]['content'] = 'x'.repeat(300),
): GenerateRequest => ({
  model: 'gpt-4o',
  messages: [{ role: 'user', content }],
  config,
  sample: { id: 1, epoch: 1, target: [] },
  attemptTimeoutMs: 1000,
  signal,
});
const answer = (inputTokens: number, outputTokens: number, completion = ''): Generation => ({
  completion,
  usage: { inputTokens, outputTokens },
});

function capped(cap: { microUsd?: number; tokens?: number }, generate: () => Promise<Generation>, rate?: ModelProvider['rate']) {
  const purse: Purse = new Purses({ before: {}, write: async () => undefined, clock }).open('k', cap);
  const inner: ModelProvider = { generate, close: async () => undefined, ...(rate ? { rate } : {}) };
  const entry = { match: 'openai/*', provider: 'openai' };
  return { purse, provider: cappedProvider({ provider: inner, purse, priceOf: (model) => entryPrice(PRICES, entry, model), clock }) };
}

/** What is reserved while the call is under way. */
async function reservedFor(of: GenerateRequest): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<Generation>();
  const { purse, provider } = capped({ tokens: 1e12 }, () => promise);
  const call = provider.generate(of);
  for (let i = 0; i < 10; i++) await Promise.resolve();
  const { tokens } = purse.book.committed;
  resolve(answer(1, 1));
  await call;
  return tokens;
}

describe('what is reserved', () => {
  test('the prompt, and the longest answer that the request allows', async () => {
    expect(await reservedFor(request())).toBe(8 + 100 + 100);
    expect(await reservedFor(request({}))).toBe(8 + 100 + 4096);
    const extra_body = { max_completion_tokens: 500, n: 3 };
    expect(await reservedFor(request({ max_tokens: 100, extra_body }))).toBe(
      8 + 100 + Math.ceil(JSON.stringify(extra_body).length / 3) + 1500,
    );
    expect(
      await reservedFor(
        request({ max_tokens: 1 }, [
          { type: 'text', text: 'abc' },
          { type: 'image_url', image_url: { url: `data:${'x'.repeat(9999)}` } },
        ] as never),
      ),
    ).toBe(8 + 1 + 1500 + 1);
  });
});

describe('what counts', () => {
  test('what the endpoint says, in money by the price of the model', async () => {
    const { purse, provider } = capped({ microUsd: 1e9 }, async () => answer(1000, 100));
    await provider.generate(request());
    expect(purse.book.spent).toEqual({ microUsd: 1000 * 2.5 + 100 * 10, tokens: 1100 });
  });

  test('an estimate where it says nothing', async () => {
    const { purse, provider } = capped({ tokens: 1e6 }, async () => answer(0, 0, 'y'.repeat(30)));
    await provider.generate(request());
    expect(purse.book.spent.tokens).toBe(108 + 10);
  });

  test.each<[string, Error, number]>([
    ['nothing of a refusal', new ModelError('request', 'no', { httpStatus: 400 }), 0],
    ['nothing of a server error', new ModelError('server_error', 'no', { httpStatus: 503 }), 0],
    ['nothing of what never left', new ModelError('connection', 'no', { unsent: true }), 0],
    ['all that was reserved where nobody says', new ModelError('timeout', 'no'), 208],
    ['and for what was aborted', new Error('aborted'), 208],
  ])('%s', async (_, error, tokens) => {
    const { purse, provider } = capped({ tokens: 1e6 }, () => Promise.reject(error));
    await expect(provider.generate(request())).rejects.toBe(error);
    expect(purse.book.committed.tokens).toBe(tokens);
  });

  test('ratings too; a provider that has none gets none', async () => {
    const rating = { logLikelihood: -1, isGreedy: true, tokens: 1, usage: { inputTokens: 50, outputTokens: 0 } };
    const { purse, provider } = capped(
      { tokens: 1e6 },
      async () => answer(1, 1),
      async () => rating,
    );
    await provider.rate!({ ...request(), context: 'a', continuation: 'b' });
    expect(purse.book.spent.tokens).toBe(50);
    expect(capped({ tokens: 1 }, async () => answer(1, 1)).provider.rate).toBeUndefined();
  });
});

test('what it waits for room is part of its time', async () => {
  const under = Promise.withResolvers<Generation>();
  const { purse, provider } = capped({ tokens: 300 }, () => under.promise);
  const first = provider.generate(request());
  const second = provider.generate({ ...request(), attemptTimeoutMs: 30 });
  await expect(second).rejects.toMatchObject({
    errorClass: 'timeout',
    unsent: true,
    message: expect.stringContaining('left no room') as string,
  });
  under.resolve(answer(1, 1));
  await first;
  expect(purse.book.committed.tokens).toBe(2);
});

test('no room: no call, and for whom', async () => {
  let calls = 0;
  const refusal = async (tokens: number, config: GenerateRequest['config']) => {
    const { provider } = capped({ tokens }, async () => answer(1, ++calls));
    return (await provider.generate(request(config)).catch((error: unknown) => error)) as SpendCapError;
  };
  const alone = await refusal(1000, { max_tokens: 5000 });
  expect(alone).toBeInstanceOf(SpendCapError);
  expect(alone).toMatchObject({
    errorClass: 'quota',
    refusal: { forAll: false },
    message: '0 of 1000 tokens are spent today (UTC), and the next call may take 5108',
  });
  expect(calls).toBe(0);
});

const entry = (more: Partial<ModelEntry>): ModelEntry => ({
  match: 'openai/*',
  provider: 'openai',
  maxConnections: 1,
  lookAhead: 1,
  options: {},
  ...more,
});

test('entries with one key share its purse and its tightest cap, whatever they read it from', () => {
  const a = entry({ apiKey: new Secret('same', { source: 'A' }), spendPerDay: { microUsd: 5 } });
  const b = entry({ match: 'b/*', apiKey: new Secret('same', { source: '/b' }), spendPerDay: { tokens: 7 } });
  const c = entry({ match: 'c/*', apiKey: new Secret('other', { source: 'C' }) });
  const [d, e] = ['http://h:1/v1', 'http://h:1/v2'].map((baseUrl) => entry({ match: `${baseUrl}/*`, baseUrl }));
  const all = [a, b, c, d!, e!];
  expect(all.map((one) => payerOf(one, all))).toEqual(['key A', 'key A', 'key C', 'endpoint http://h:1', 'endpoint http://h:1']);
  expect(all.map((one) => capOf(one, all))).toEqual([
    { microUsd: 5, tokens: 7 },
    { microUsd: 5, tokens: 7 },
    undefined,
    undefined,
    undefined,
  ]);
  expect(capOf(c, all, { tokens: 9 })).toEqual({ tokens: 9 });
});

describe('a task is forbidden', () => {
  const own = entry({ match: 'openai/gpt-4o*' });
  const why = (extra_body: Record<string, unknown> | undefined, namespace?: string, namespaces?: string[], cap?: object) => {
    const model = { model: 'openai/gpt-4o', generate_config: extra_body ? { extra_body } : {} } as TaskContext['model'];
    return forbids(
      { namespaces, unbounded: (of, name) => unboundedBy(cap, of, name, PRICES) },
      { model, ...(namespace === undefined ? {} : { namespace }) },
      own,
    );
  };

  test.each<[string, ReturnType<typeof why>, string | undefined]>([
    ['not', why(undefined, 'team-a'), undefined],
    ['not: its namespace is served', why(undefined, 'team-a', ['team-a']), undefined],
    ['by its namespace', why(undefined, 'team-b', ['team-a']), 'does not serve the namespace team-b'],
    ['where nobody says whose it is', why(undefined, undefined, ['team-a']), 'the coordinator does not say which'],
    ['not: another model that the entry covers', why({ model: 'gpt-4o-mini' }), undefined],
    ['by another model', why({ model: 'o1' }), 'its extra_body names the model "o1", which openai/gpt-4o* does not cover'],
    ['by one of several', why({ models: ['gpt-4o', 'o1'] }), 'names the model "o1"'],
    ['by what is no name', why({ model: { $ne: '' } }), 'names the model'],
    [
      'by a model without a price, under a cap in money',
      why({ model: 'gpt-4o-unheard' }, 'a', undefined, { microUsd: 5 }),
      'no price of gpt-4o-unheard is known',
    ],
    ['not: the cap is in tokens', why({ model: 'gpt-4o-unheard' }, 'a', undefined, { microUsd: 5, tokens: 9 }), undefined],
  ])('%s', (_, found, part) => (part === undefined ? expect(found).toBeUndefined() : expect(found).toContain(part)));
});
