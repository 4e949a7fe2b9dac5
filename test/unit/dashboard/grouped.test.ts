/** Scores by group, and lines of logs as a page holds them: what is pure of them. */
import { expect, test } from 'vitest';
import { chosenScores, groupingsOf, groupKeysOf, samplesOf } from '../../../dashboard/src/grouped.ts';
import { withLines } from '../../../dashboard/src/held-lines.ts';
import { seen } from '../../../dashboard/src/unseen.ts';
import type { ReportRow } from '../../../shared/client/types.ts';
import type { LogLine } from '../../../shared/domain/log-line.ts';

const counts = { total: 3, scored: 3, unscored: 0, errored: 0, cancelled: 0, dead: 0 };
const row = (model: string, means: Record<string, number>, more: Partial<ReportRow> = {}): ReportRow => {
  const groups = Object.entries(means).map(([group, accuracy], i) => ({ group, samples: i + 1, metrics: { accuracy, stderr: 0.1 } }));
  return {
    ...{ benchmark: 'reading', model, scorer: 'match', reducer: 'mean', counts, metrics: { accuracy: 0.5 } },
    groups: [{ key: 'topic', groups, macro: 0.5, weighted: 0.4, pooledStderr: 0.1 }],
    ...more,
  };
};

test('groups of all models of a benchmark and scorer stand together; others, and the same field again, apart', () => {
  const twice = row('m/c', { x: 1 });
  const found = groupingsOf([
    row('m/a', { x: 0.2, y: 0.9 }),
    row('m/b', { x: 0.3, y: 0.1 }),
    row('m/a', { x: 1 }, { reducer: 'max' }),
    row('m/a', { z: 1 }, { benchmark: 'writing', groups: [] }),
    { ...twice, benchmark: 'sums', groups: [...twice.groups!, ...twice.groups!] },
  ]);
  expect(found.map(({ name, models }) => [name, models])).toEqual([
    ['topic · reading · match', ['m/a', 'm/b']],
    ['topic · reading · match · max', ['m/a']],
    ['topic · sums · match', ['m/c']],
    ['topic · sums · match · 2', ['m/c']],
  ]);
  expect(found[0]!.sums[0]).toMatchObject({ model: 'm/a', groups: 2, samples: 3, macro: 0.5, mean: 0.4 });
  expect(found[0]!.scores[0]!.low).toBeCloseTo(0.2 - 0.196);
});

test.each([
  [{}, ['x a', 'x b', 'y a', 'y b', 'x10 a']],
  [{ order: 'lowest' }, ['y b', 'x a', 'x b', 'y a', 'x10 a']],
  [{ order: 'highest' }, ['y a', 'x b', 'x a', 'y b', 'x10 a']],
  [{ order: 'samples' }, ['x10 a', 'y a', 'y b', 'x a', 'x b']],
  [{ order: 'name' }, ['x a', 'x b', 'x10 a', 'y a', 'y b']],
  [{ order: 'of old', model: 'm/b' }, ['x b', 'y b']],
  [{ text: ' X' }, ['x a', 'x b', 'x10 a']],
])('%j', (asked, expected) => {
  const [grouping] = groupingsOf([row('m/a', { x: 0.2, y: 0.9, x10: NaN }), row('m/b', { x: 0.3, y: 0.1 })]);
  const scores = grouping!.scores.map((score) => (score.group === 'x10' ? { ...score, mean: undefined } : score));
  const chosen = chosenScores({ ...grouping!, scores }, { text: '', model: '', order: '', ...asked });
  expect(chosen.map(({ group, model }) => `${group} ${model.slice(2)}`)).toEqual(expected);
});

test('a group leads to its samples, unless an address cannot say which they are', () => {
  const of = (group: string, key = 'topic', benchmark = 'reading', model = 'm/a'): string | undefined =>
    samplesOf('ev_1', { key, benchmark }, { ...{ group, model, samples: 1 }, ...{ mean: 1, low: 1, high: 1 } });
  const query = (address: string | undefined): URLSearchParams => new URL(address ?? '', 'http://x').searchParams;
  expect(of('x')).toBe('/evaluations/ev_1/samples?benchmark=reading&model=m%2Fa&meta=topic%3Dx');
  expect(query(of('a=b & <c>')).get('meta')).toBe('topic=a=b & <c>');
  expect([of(''), of('x', 'a=b'), of(seen('left\u202eright')), of(seen('\u001b[31m'))]).toEqual(Array(4).fill(undefined));
  expect([of('x', 'topic', seen('a\u202eb')), of('x', 'topic', 'reading', seen('m/\u202ea'))]).toEqual([undefined, undefined]);
});

test('what a spec wants grouped is known before its report', () => {
  const grouped = { name: 'grouped', args: { group_key: 'topic', metrics: ['mean'] } };
  const benchmark = (...metrics: unknown[]): object => ({ benchmark: 'b', metrics });
  const spec = { benchmarks: [benchmark('accuracy', grouped), benchmark(grouped), benchmark({ name: 'ci', args: {} })] };
  expect(groupKeysOf(spec as Parameters<typeof groupKeysOf>[0])).toEqual(['topic']);
  expect(groupKeysOf(undefined)).toEqual([]);
});

test('a page holds the last lines, each once; a snapshot stands for all that came before', () => {
  const some = (n: number, text: string): LogLine[] =>
    Array.from({ length: n }, () => ({ agentId: 'ag', agent: 'a', taskId: '', attemptId: '', timeMs: 1, level: 'info', text }));
  const none = { lines: [], leftOut: false, taken: 0 };
  const first = withLines(none, { lines: some(1_500, 'first') });
  const second = withLines(first, { lines: some(700, 'second') });
  expect([second.lines.length, second.leftOut, new Set(second.lines.map(({ place }) => place)).size]).toEqual([2_000, true, 2_000]);
  expect(second.lines.at(-1)).toMatchObject({ text: 'second', place: 2_199 });
  const anew = withLines(second, { lines: some(2, 'anew'), snapshot: true });
  expect([anew.lines.map(({ text }) => text), anew.leftOut]).toEqual([['anew', 'anew'], false]);
});
