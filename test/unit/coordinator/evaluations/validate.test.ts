/** What a validation says. */
import { describe, expect, it } from 'vitest';
import { validateSpec, type ValidateOptions } from '../../../../coordinator/evaluations/intake/validate.ts';
import type { Validation } from '../../../../shared/client/types.ts';
import { parseSpec, specDigestOf } from '../../../../shared/domain/spec.ts';
import { testDatasets } from '../../../support/datasets.ts';

const { datasets, store } = testDatasets();
const lines = (count: number): string => '{"input":"12345678","target":"b"}\n'.repeat(count);
const validate = (spec: unknown, options: Partial<ValidateOptions> = {}): Promise<Validation> =>
  validateSpec(spec, {
    namespace: 'default',
    datasets,
    store,
    prices: { version: 'mine', models: [{ match: 'paid/*', inputUsdPerMillion: 1_000_000, outputUsdPerMillion: 2_000_000 }] },
    servedBy: async (routes) => routes.map(() => 1),
    ...options,
  });
const specOf = (more: Record<string, unknown> = {}, uri = `inline:${lines(3)}`): Record<string, unknown> => ({
  name: 'e',
  benchmarks: [{ benchmark: 'b', dataset: { uri }, scorers: ['match'] }],
  models: [{ model: 'paid/a', generate_config: { max_tokens: 10 } }, { model: 'free/b' }],
  epochs: 2,
  ...more,
});

describe('validateSpec', () => {
  it('counts samples, tokens and cost of a spec without faults', async () => {
    const spec = specOf();
    expect(await validate(spec)).toEqual({
      faults: [],
      warnings: [],
      groups: [
        { benchmark: 'b', model: 'paid/a', samples: 3, estimate: { units: 6, inputTokens: 12, outputTokens: 60, costUsd: 132 } },
        { benchmark: 'b', model: 'free/b', samples: 3, estimate: { units: 6, inputTokens: 12, outputTokens: 1536 } },
      ],
      total: { units: 12, inputTokens: 24, outputTokens: 1596, costUsd: 132 },
      priceTableVersion: 'mine',
      routesWithoutAgent: [],
      specDigest: specDigestOf(parseSpec(spec)),
    });
  });

  it('counts examples in front of every sample', async () => {
    const prompt = { num_fewshot: 2, fewshot: { delimiter: '--', target_delimiter: '-' } };
    const spec = specOf({
      benchmarks: [{ benchmark: 'b', dataset: { uri: `inline:${lines(3)}` }, prompt, scorers: ['match'] }],
      epochs: 1,
    });
    // Two examples of 8 + 1 + 1 + 2 characters are 6 tokens, before 2 of the question.
    expect((await validate(spec)).groups[0]!.estimate.inputTokens).toBe(3 * (6 + 2));
  });

  it('answers with the faults of a spec, and with those of its datasets beside what can be read', async () => {
    const wrong = await validate({ ...specOf(), epochs: 0, priority: 99 });
    expect(wrong).toMatchObject({ groups: [], specDigest: '', priceTableVersion: 'mine', total: { units: 0 } });
    expect(wrong.faults.map(({ place }) => place).toSorted()).toEqual(['epochs', 'priority']);
    expect(wrong.faults.every((fault) => Object.keys(fault).length === 2)).toBe(true);
    const half = await validate(
      specOf({
        benchmarks: [
          { benchmark: 'a', dataset: { uri: 'file:a.jsonl' }, scorers: ['match'] },
          { benchmark: 'b', dataset: { uri: `inline:${lines(2)}` }, scorers: ['match'] },
        ],
      }),
    );
    expect(half.faults).toEqual([{ place: 'benchmarks[0].dataset.digest', problem: expect.stringContaining('upload its content first') }]);
    expect(half.groups.map(({ samples }) => samples)).toEqual([0, 0, 2, 2]);
    expect(half.specDigest).toBe('');
  });

  it('warns, and names each route that nobody serves once', async () => {
    const found = await validate(specOf({ models: [{ model: 'x/a', generate_config: { temperature: 0 } }, { model: 'x/b' }] }), {
      servedBy: async (routes) => routes.map((route) => (route.model === 'x/a' ? 0 : 2)),
    });
    expect(found.warnings).toMatchObject([{ place: 'epochs', problem: expect.stringContaining('temperature 0') }]);
    expect(found.routesWithoutAgent).toEqual([{ route: expect.any(String), requirement: 'model=x/a', open: 6 }]);
  });

  it('says that an evaluation would be too large', async () => {
    const models = Array.from({ length: 100 }, (_, i) => ({ model: `x/m${i}` }));
    const benchmarks = Array.from({ length: 41 }, (_, i) => ({
      benchmark: `b${i}`,
      dataset: { uri: `inline:${lines(1)}` },
      scorers: ['match'],
    }));
    expect((await validate(specOf({ models, benchmarks }))).faults).toMatchObject([
      { place: '', problem: expect.stringContaining('4100 rows of a report') },
    ]);
  });
});
