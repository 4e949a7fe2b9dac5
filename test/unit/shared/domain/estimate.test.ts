import { describe, expect, it } from 'vitest';
import { AppError } from '../../../../shared/domain/errors.ts';
import { estimateGroup, inputTokensOf, totalOf } from '../../../../shared/domain/estimate.ts';
import { parsePriceTable, priceOf, PRICES } from '../../../../shared/domain/prices.ts';

describe('estimates', () => {
  it('count four characters as a token, and images roughly', () => {
    expect(
      inputTokensOf({
        messages: [
          { role: 'system', content: 'abcd' },
          { role: 'user', content: 'abcde' },
        ],
        prefill: 'x',
      }),
    ).toBe(3);
    const image = { type: 'image', url: 'https://x/y.png' } as const;
    expect(inputTokensOf({ messages: [{ role: 'user', content: [{ type: 'text', text: 'abcd' }, image] }] })).toBe(1001);
  });

  it('multiply by epochs, and know what is unknown', () => {
    const price = { match: 'x', inputUsdPerMillion: 1, outputUsdPerMillion: 10 };
    const known = estimateGroup({ samples: 100, epochs: 2, promptTokens: 5000, config: { max_tokens: 50 }, price });
    expect(known).toEqual({ units: 200, inputTokens: 10_000, outputTokens: 10_000, costUsd: 0.11 });
    const unknown = estimateGroup({ samples: 1, epochs: 1, promptTokens: 7, config: {}, price: undefined });
    expect(unknown).toEqual({ units: 1, inputTokens: 7, outputTokens: 256 });
    expect(totalOf([known, unknown])).toEqual({ units: 201, inputTokens: 10_007, outputTokens: 10_256, costUsd: 0.11 });
    expect(totalOf([unknown])).not.toHaveProperty('costUsd');
  });
});

describe('prices', () => {
  it('are those of the name, of its pattern, or of the name without its date', () => {
    expect(priceOf(PRICES, 'mock/any/thing')).toMatchObject({ inputUsdPerMillion: 0, outputUsdPerMillion: 0 });
    expect(priceOf(PRICES, 'openai/gpt-4o-mini-2024-07-18')?.match).toBe('openai/gpt-4o-mini');
    expect(priceOf(PRICES, 'anthropic/claude-3-5-haiku-latest')?.match).toBe('anthropic/claude-3-5-haiku');
    expect(priceOf(PRICES, 'openai/gpt-4o-realtime')).toBeUndefined();
    const table = parsePriceTable({
      version: 'ours',
      models: ['a/*', 'a/big-*', 'a/big-one'].map((match, i) => ({ match, inputUsdPerMillion: i, outputUsdPerMillion: i })),
    });
    expect(['a/x', 'a/big-two', 'a/big-one'].map((model) => priceOf(table, model)?.inputUsdPerMillion)).toEqual([0, 1, 2]);
  });

  it('are checked', () => {
    expect(parsePriceTable(PRICES)).toEqual(PRICES);
    const wrong = { version: 'x', models: [{ match: 'a', inputUsdPerMillion: -1, outputUsdPerMilion: 2 }] };
    expect(() => parsePriceTable(wrong)).toThrow(AppError);
    expect(() => parsePriceTable(wrong)).toThrow(/has 2 faults:[\s\S]*did you mean "outputUsdPerMillion"/);
    expect(new Set(PRICES.models.map((model) => model.match)).size).toBe(PRICES.models.length);
  });
});
