import { expect, test } from 'vitest';
import { totalsOf } from '../../../../coordinator/evaluations/report-totals.ts';

const entry = (benchmark: string, scorer: string, mean: number, n = 10, reducer = 'mean', model = 'm') =>
  [{ benchmark, model, scorer, reducer }, { moments: { n, mean, stderr: 0.1 } }] as const;
const shown = (...entries: ReturnType<typeof entry>[]): unknown[] =>
  totalsOf(entries).map(({ scorer, benchmarks, samples, macro, weighted }) => [scorer, benchmarks, samples, macro, weighted]);

test('benchmarks with the same scorer, then the whole suite', () => {
  expect(shown(entry('a', 'match', 0.5, 30), entry('b', 'exact', 0.25), entry('c', 'match', 1))).toEqual([
    ['match', 2, 40, 0.75, 0.625],
    ['*', 3, 50, 1.75 / 3, 27.5 / 50],
  ]);
  // Without two alike, the whole is all there is.
  expect(shown(entry('a', 'match', 0.5), entry('b', 'exact', 0))).toEqual([['*', 2, 20, 0.25, 0.25]]);
});

test.each([
  ['all have the same', [entry('a', 'match', 0.5), entry('b', 'match', 0)], ['match']],
  ['one has two', [entry('a', 'match', 0.5), entry('a', 'exact', 0.5), entry('b', 'exact', 0)], ['exact']],
  ['one is on another scale', [entry('a', 'match', 0.5), entry('b', 'bleu', 31.5)], []],
  ['there is one benchmark', [entry('a', 'match', 0.5)], []],
  ['none has a score', [entry('a', 'match', 0, 0), entry('b', 'exact', 0, 0)], []],
  ['it is of several models', [entry('a', 'match', 1), entry('b', 'exact', 1, 1, 'mean', 'other')], []],
])('no whole where %s', (_what, entries, scorers) => {
  expect(totalsOf(entries).map(({ scorer }) => scorer)).toEqual(scorers);
});

test('each reducer has its own', () => {
  const of = (reducer: string) => [entry('a', 'match', 1, 4, reducer), entry('b', 'exact', 0, 4, reducer)];
  expect(totalsOf([...of('mean'), ...of('pass_at_2')]).map(({ reducer, scorer, macro }) => [reducer, scorer, macro])).toEqual([
    ['mean', '*', 0.5],
    ['pass_at_2', '*', 0.5],
  ]);
});
