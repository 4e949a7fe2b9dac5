/** Tokens and what they cost. */
import { expect, test } from 'vitest';
import { costInWords, isPartlyPriced, pricedAs, tokensOfGroups, unpriced, usdInWords } from '../../../../shared/domain/cost.ts';
import { pricedBy } from '../../../../shared/domain/priced.ts';

const priced = pricedBy({ version: 'today', models: [{ match: 'openai/*', inputUsdPerMillion: 2, outputUsdPerMillion: 8 }] });
const tokens = [
  { model: 'openai/a', inputTokens: 1_000_000, outputTokens: 500_000 },
  { model: 'vllm/own', inputTokens: 10, outputTokens: 1 },
];

test('what has a price is added up, and what has none is said to have none', () => {
  const cost = priced(tokens);
  expect(cost).toEqual({
    models: [{ ...tokens[0], costUsd: 6, inputUsdPerMillion: 2, outputUsdPerMillion: 8 }, tokens[1]],
    costUsd: 6,
    priceTableVersion: 'today',
  });
  expect([isPartlyPriced(cost), costInWords(cost)]).toEqual([true, '$6.00+']);
  const own = priced([tokens[1]!]);
  expect([own.costUsd, costInWords(own), costInWords(undefined)]).toEqual([undefined, '', '']);
  expect(unpriced(tokens)).toEqual({ models: tokens, priceTableVersion: '' });
});

test('a model that has taken nothing yet leaves the sum whole', () => {
  expect(isPartlyPriced(priced([tokens[0]!, { model: 'vllm/own', inputTokens: 0, outputTokens: 0 }]))).toBe(false);
});

test('what has run on since is told at the same prices', () => {
  const later = tokens.map((own) => ({ ...own, inputTokens: 2 * own.inputTokens }));
  expect(pricedAs(priced(tokens), later)).toEqual(priced(later));
});

test('groups by model; where one is not known, nothing is', () => {
  const group = (model: string, inputTokens: number) => ({ model, inputTokens, outputTokens: 1 });
  expect(tokensOfGroups([group('a', 5), group('b', 7), group('a', 6)])).toEqual([
    { model: 'a', inputTokens: 11, outputTokens: 2 },
    { model: 'b', inputTokens: 7, outputTokens: 1 },
  ]);
  expect(tokensOfGroups([group('a', 5), { model: 'b' }])).toBeUndefined();
});

test.each([
  [0, '$0'],
  [0.000_01, '< $0.0001'],
  [0.004_24, '$0.0042'],
  [0.1, '$0.10'],
  [12.3, '$12.30'],
  [1_234.5, '$1,235'],
])('%d dollars are %s', (usd, words) => {
  expect(usdInWords(usd)).toBe(words);
});
