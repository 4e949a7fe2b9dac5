/** Metadata that metrics need is asked of every sample before anything runs. */
import { describe, expect, it } from 'vitest';
import { indexDataset } from '../../../../coordinator/evaluations/intake/dataset.ts';
import { LabelCheck, labelOf, MAX_GROUPS } from '../../../../shared/scoring/metrics/label-check.ts';
import { benchmarkSchema } from '../../../../shared/domain/spec.ts';
import { chunksOf } from '../../../support/store-fixtures.ts';

const GROUPED = { name: 'grouped', args: { group_key: 'topic' } };

describe('what names a group', () => {
  it.each<[unknown, string | undefined]>([
    ['a', 'a'],
    ['', ''],
    [7, '7'],
    [true, 'true'],
    [null, undefined],
    [['a'], undefined],
    ['x'.repeat(201), undefined],
  ])('%j is %j', (value, label) => expect(labelOf({ topic: value }, 'topic')).toBe(label));

  it('is never what objects inherit', () => expect(labelOf({}, 'constructor')).toBeUndefined());
});

describe('a dataset', () => {
  const faultsOf = (lines: readonly object[], metrics: unknown[], ids?: string[]): Promise<string> =>
    indexDataset({
      stream: chunksOf(lines.map((line, i) => JSON.stringify({ id: `s${i}`, input: 'x', target: 'y', ...line })).join('\n')),
      benchmark: benchmarkSchema.parse({
        benchmark: 'b',
        dataset: { uri: 'file:d.jsonl', ...(ids ? { ids } : {}) },
        scorers: ['exact'],
        metrics,
      }),
      maxFaults: 5,
    }).then(
      () => 'none',
      (error: Error) => error.message,
    );

  it('in which a sample lacks the field is refused, with its place', async () => {
    const lines = [{ metadata: { topic: 'a' } }, { metadata: { topc: 'b' } }, { metadata: { topic: 'a' } }];
    expect(await faultsOf(lines, ['mean', GROUPED])).toMatch(/d\.jsonl.*2.*metadata "topic", which metrics\[1\] needs; name it in/);
    expect(await faultsOf(lines, ['mean', { name: 'ci', args: { cluster: 'topic' } }])).toContain('metadata "topic"');
    expect(await faultsOf(lines, ['mean'])).toBe('none');
    expect(await faultsOf(lines, [GROUPED], ['s0', 's2'])).toBe('none');
  });

  it('with too many groups, or too much to draw, is refused', async () => {
    const lines = Array.from({ length: MAX_GROUPS + 1 }, (_, i) => ({ metadata: { topic: i } }));
    expect(await faultsOf(lines, [GROUPED])).toContain('has more than 1000 groups by metadata "topic" (metrics[0])');
    expect(await faultsOf(lines.slice(1), [GROUPED])).toBe('none');
    const drawn = { name: 'bootstrap_stderr', args: { num_samples: 100_000 } };
    expect(await faultsOf(lines, [drawn])).toContain('has 1001 samples, which metrics[0] draws 100000 times; at most 100000000 draws');
    expect(new LabelCheck([drawn]).faultsAtEnd(1000)).toEqual([]);
  });
});
