/** Comparisons of files of results, against statistics of the plain lists of pairs. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compareTables, type Compared } from '../../../../cli/compare/compare.ts';
import { ScoreTable } from '../../../../cli/compare/score-table.ts';
import { mcnemar } from '../../../../shared/scoring/statistics/mcnemar.ts';
import { mean } from '../../../../shared/scoring/statistics/moments.ts';
import { permutationTest } from '../../../../shared/scoring/statistics/permutation.ts';
import { stderr } from '../../../../shared/scoring/statistics/stderr.ts';
import { tQuantile } from '../../../../shared/scoring/statistics/t-quantile.ts';
import { unpairedDifference } from '../../../../shared/scoring/statistics/unpaired.ts';
import { welchInterval } from '../../../../shared/scoring/statistics/welch.ts';
import { runCommandIn } from '../../../support/run-command.ts';

const OPTIONS = { level: 0.95, permutations: 200, seed: 3, limit: 5 };

type Scores = Record<string, (number | null)[]>;

/** By sample, the scores of its epochs. */
function tableOf(scores: Scores, model = 'mock/a'): ScoreTable {
  const table = new ScoreTable('x');
  for (const [sampleId, epochs] of Object.entries(scores))
    for (const number of epochs)
      table.add({ benchmark: 'b', model, sampleId, scores: [{ scorer: 's', value: '', number, answer: '', explanation: '', error: '' }] });
  return table;
}

const scores = (value: fc.Arbitrary<number>): fc.Arbitrary<Scores> =>
  fc.dictionary(fc.constantFrom(...'a b c d e f g h i j'.split(' ')), fc.array(fc.option(value), { minLength: 1, maxLength: 2 }));
const reduced = (all: Scores): Record<string, number> =>
  Object.fromEntries(
    Object.entries(all).flatMap(([id, epochs]) => {
      const value = mean(epochs.filter((score) => score !== null));
      return value === null ? [] : [[id, value]];
    }),
  );

describe('pairs', () => {
  test.each([fc.constantFrom(0, 1), fc.constantFrom(0, 0.25, 1, -2)])('are those of a slow reference', (value) => {
    fc.assert(
      fc.property(scores(value), scores(value), (before, after) => {
        const [a, b] = [reduced(before), reduced(after)];
        const ids = Object.keys(a)
          .filter((id) => id in b)
          .toSorted();
        const { rows } = compareTables(tableOf(before), tableOf(after), OPTIONS);
        if (ids.length === 0) {
          expect(rows.filter((row) => row.kind === 'paired')).toEqual([]);
          return;
        }
        const between = ids.map((id) => b[id]! - a[id]!);
        const row = rows[0]!;
        expect(row).toMatchObject({
          kind: 'paired',
          samples: ids.length,
          onlyBaseline: Object.keys(a).length - ids.length,
          onlyCandidate: Object.keys(b).length - ids.length,
          flippedTotal: between.filter((change) => change !== 0).length,
          permutation: {
            p: permutationTest(
              ids.map((id) => b[id]!),
              ids.map((id) => a[id]!),
              { permutations: 200, seed: 3 },
            ),
          },
        });
        expect(row.difference).toBeCloseTo(mean(between)!, 12);
        expect(row.stderr).toBeCloseTo(stderr(between)!, 12);
        const half = ids.length < 2 ? 0 : tQuantile(0.975, ids.length - 1) * stderr(between)!;
        expect(row.interval!.upper - row.interval!.lower).toBeCloseTo(2 * half, 9);
        if (row.mcnemar) {
          const [lost, won] = [between.filter((d) => d < 0).length, between.filter((d) => d > 0).length];
          expect(row.mcnemar).toMatchObject({ baselineOnly: lost, candidateOnly: won, pWorse: mcnemar(lost, won) });
          expect(row.mcnemar.p).toBeCloseTo(Math.min(1, 2 * Math.min(mcnemar(lost, won), mcnemar(won, lost))), 12);
        }
        const sizes = row.flipped!.map((f) => Math.abs(f.candidate - f.baseline));
        expect(sizes).toEqual(sizes.toSorted((x, y) => y - x));
        expect(row.flipped!.length).toBe(Math.min(5, row.flippedTotal!));
      }),
    );
  });

  test('are the same whichever result came first', () => {
    const value = fc.double({ min: -1, max: 1, noNaN: true });
    fc.assert(
      fc.property(scores(value), scores(value), (before, after) => {
        const turned = Object.fromEntries(Object.entries(after).toReversed());
        expect(compareTables(tableOf(before), tableOf(turned), OPTIONS)).toEqual(compareTables(tableOf(before), tableOf(after), OPTIONS));
        const backwards = Object.fromEntries(Object.entries(before).toReversed());
        expect(compareTables(tableOf(backwards), tableOf(after), OPTIONS)).toEqual(compareTables(tableOf(before), tableOf(after), OPTIONS));
      }),
    );
  });

  test('McNemar is asked of scores of 0 and 1 alone', () => {
    const compared = (a: Scores, b: Scores) => compareTables(tableOf(a), tableOf(b), OPTIONS).rows[0]!;
    expect(compared({ x: [1], y: [0] }, { x: [0], y: [0] }).mcnemar).toEqual({ baselineOnly: 1, candidateOnly: 0, p: 1, pWorse: 0.5 });
    expect(compared({ x: [1], y: [0] }, { x: [0.5], y: [0] }).mcnemar).toBeUndefined();
  });

  test('models are compared with each other where there is one on each side, and by name otherwise', () => {
    const row = compareTables(tableOf({ x: [1] }, 'mock/a'), tableOf({ x: [1] }, 'mock/b'), OPTIONS).rows[0]!;
    expect(row).toMatchObject({ model: 'mock/a', candidateModel: 'mock/b', difference: 0 });
    const two = tableOf({ x: [1] }, 'mock/b');
    two.add({ benchmark: 'b', model: 'mock/c', sampleId: 'x', scores: [] });
    const c = { scorer: 's', value: '', number: 1, answer: '', explanation: '', error: '' };
    two.add({ benchmark: 'b', model: 'mock/c', sampleId: 'x', scores: [c] });
    expect(compareTables(tableOf({ x: [1] }, 'mock/a'), two, OPTIONS)).toEqual({
      rows: [],
      onlyBaseline: ['b · mock/a · s'],
      onlyCandidate: ['b · mock/b · s', 'b · mock/c · s'],
    });
  });
});

test('groups are what their pairs alone are', () => {
  const value = fc.constantFrom(0, 1, 0.5);
  fc.assert(
    fc.property(scores(value), scores(value), (before, after) => {
      // Two samples of three have a group.
      const groupOf = (_benchmark: string, id: string): string | undefined => ['x', 'y', undefined][id.charCodeAt(0) % 3];
      const [row] = compareTables(tableOf(before), tableOf(after), { ...OPTIONS, groupOf }).rows;
      if (row?.kind !== 'paired') return;
      const only = (all: Scores, group: string): Scores =>
        Object.fromEntries(Object.entries(all).filter(([id]) => groupOf('', id) === group));
      const wanted = ['x', 'y'].flatMap((group) => {
        const [own] = compareTables(tableOf(only(before, group)), tableOf(only(after, group)), { ...OPTIONS, permutations: 0 }).rows;
        if (own?.kind !== 'paired') return [];
        const { samples, baseline, candidate, difference, stderr: error, interval, mcnemar: test, flippedTotal } = own;
        return [
          { group, samples, baseline, candidate, difference, stderr: error, interval, ...(test ? { mcnemar: test } : {}), flippedTotal },
        ];
      });
      expect(row.groups).toEqual(wanted);
      expect(row.samples).toBe(wanted.reduce((sum, { samples }) => sum + samples, row.ungrouped ?? 0));
    }),
  );
});

test('different samples are compared by their means', () => {
  const [a, b] = [
    { p: [1], q: [0], r: [1] },
    { x: [1], y: [1], z: [0], w: [1] },
  ];
  const row = compareTables(tableOf(a), tableOf(b), OPTIONS).rows[0]!;
  const wanted = unpairedDifference([1, 1, 0, 1], [1, 0, 1])!;
  expect(row).toMatchObject({ kind: 'unpaired', samples: 3, candidateSamples: 4, difference: wanted.mean });
  expect(row.stderr).toBeCloseTo(wanted.stderr, 12);
  expect(row.flipped).toBeUndefined();
});

describe("Welch's interval", () => {
  test('has the degrees of freedom of both where they are alike', () => {
    const estimate = { mean: 0, stderr: 0.1, n: 11 };
    const { lower, upper } = welchInterval({ ...estimate, mean: 0.5 }, estimate, 0.9);
    expect(upper).toBeCloseTo(0.5 + tQuantile(0.95, 20) * Math.sqrt(0.02), 12);
    expect(lower + upper).toBeCloseTo(1, 12);
  });

  test('says nothing of one value, or of values without spread', () => {
    expect(welchInterval({ mean: 1, stderr: 0, n: 1 }, { mean: 0, stderr: 1, n: 9 })).toEqual({ lower: 1, upper: 1 });
    expect(welchInterval({ mean: 1, stderr: 0, n: 5 }, { mean: 0, stderr: 0, n: 9 })).toEqual({ lower: 1, upper: 1 });
    expect(welchInterval({ mean: 1, stderr: 1e-120, n: 5 }, { mean: 0, stderr: 1e-120, n: 9 })).toEqual({ lower: 1, upper: 1 });
  });
});

describe('assay compare', () => {
  let dir: string;
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'assay-compare-'));
  });
  afterAll(() => rm(dir, { recursive: true, force: true }));

  const results = (name: string, values: number[], model = 'mock/a'): Promise<void> =>
    writeFile(
      join(dir, name),
      values
        .map((number, i) => {
          const score = { scorer: 'match', value: String(number), number, answer: '', explanation: '', error: '' };
          return JSON.stringify({ unit: i, benchmark: 'sums', model, sampleId: `s${i}`, epoch: 1, scores: [score] });
        })
        .join('\n'),
    );
  const report = { results: [{ benchmark: 'sums', model: 'mock/a', scorer: 'match', reducer: 'mean' }] };
  const reportOf = (accuracy: number): string =>
    JSON.stringify({
      results: report.results.map((row) => ({
        ...row,
        metrics: { accuracy, stderr: 0.05 },
        counts: { total: 100, scored: 100, unscored: 0, errored: 0, cancelled: 0, dead: 0 },
        samples: 100,
      })),
    });

  test('reads files of results and prints a table', async () => {
    await results('a.jsonl', [1, 1, 1, 0, 0, 1]);
    await results('b.jsonl', [1, 0, 0, 0, 1, 1], 'mock/b');
    const { code, stdout, stderr: said } = await runCommandIn(dir, ['compare', 'a.jsonl', 'b.jsonl', '--limit', '2']);
    expect({ code, said }).toEqual({ code: 0, said: '' });
    expect(stdout).toMatch(
      /^b\.jsonl against a\.jsonl\n\nbenchmark +model +scorer +baseline +candidate +difference +± stderr +95 % interval/,
    );
    expect(stdout).toMatch(/\nsums +mock\/a → mock\/b +match +0\.6667 +0\.5000 +−0\.1667 +0\.3073 .* 6 pairs +1\/2 +1\.0000 /);
    expect(stdout).toMatch(
      /\nsums · match: 3 samples with another score\nsample +baseline +candidate\ns1 +1 +0\ns2 +1 +0\n… and 1 sample more/,
    );
  });

  test('compares by groups of metadata, of whichever side has it', async () => {
    const subjects = ['law', 'law', 'art', 'art', 'art', undefined];
    const lines = (values: number[], hasMetadata: boolean): string =>
      values
        .map((number, i) => {
          const metadata = hasMetadata ? { metadata: { subject: subjects[i], topic: i } } : {};
          return JSON.stringify({ benchmark: 'b', model: 'm', sampleId: `s${i}`, scores: [{ scorer: 'match', number }], ...metadata });
        })
        .join('\n');
    await writeFile(join(dir, 'plain.jsonl'), lines([1, 1, 0, 0, 0, 1], false));
    await writeFile(join(dir, 'told.jsonl'), lines([0, 1, 1, 1, 0, 1], true));
    for (const pair of [
      ['plain.jsonl', 'told.jsonl'],
      ['told.jsonl', 'plain.jsonl'],
    ]) {
      const typed = ['compare', ...pair, '--by', 'subject'];
      const { stdout } = await runCommandIn(dir, typed);
      const gained = pair[0] === 'plain.jsonl';
      expect(stdout).toMatch(
        gained ? /\nb · match by groups\ngroup .*\nart +0\.0000 +0\.6667 +\+0\.6667 .* 3 pairs +2\/0 +0\.5000/ : /\nart .* 0\/2 /,
      );
      expect(stdout).toContain('1 pair in no group');
      const { by, candidates } = JSON.parse((await runCommandIn(dir, [...typed, '--json'])).stdout) as {
        by: string;
        candidates: Compared[];
      };
      expect([by, candidates[0]!.rows[0]]).toMatchObject([
        'subject',
        {
          ungrouped: 1,
          groups: [
            { group: 'art', samples: 3, mcnemar: { baselineOnly: gained ? 0 : 2, candidateOnly: gained ? 2 : 0, p: 0.5 } },
            { group: 'law', samples: 2, difference: gained ? -0.5 : 0.5 },
          ],
        },
      ]);
    }
    for (const [files, message] of [
      [
        ['plain.jsonl', 'plain.jsonl'],
        /--by subjct: no sample of plain.jsonl and plain.jsonl has such metadata .*they have none: name it in/,
      ],
      [['told.jsonl', 'plain.jsonl'], /--by subjct: .*; they have subject, topic/],
    ] as const) {
      const { code, stderr: said } = await runCommandIn(dir, ['compare', ...files, '--by', 'subjct']);
      expect({ code, said }).toEqual({ code: 2, said: expect.stringMatching(message) });
    }
    await writeFile(
      join(dir, 'many.jsonl'),
      Array.from({ length: 1_001 }, (_, i) =>
        JSON.stringify({ benchmark: 'b', model: 'm', sampleId: i, scores: [], metadata: { i } }),
      ).join('\n'),
    );
    expect(await runCommandIn(dir, ['compare', 'many.jsonl', 'many.jsonl', '--by', 'i'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('many.jsonl has more than 1000 groups by "i"; name a coarser field'),
    });
  });

  test('prints one JSON document for several candidates', async () => {
    await results('a.jsonl', [1, 1, 1, 0, 0, 1]);
    await writeFile(join(dir, 'c.json'), `${reportOf(0.8)}\n`);
    const { code, stdout } = await runCommandIn(dir, ['compare', 'a.jsonl', 'a.jsonl', 'c.json', '--json']);
    expect(code).toBe(0);
    const document = JSON.parse(stdout) as { baseline: object; candidates: Compared[] };
    expect(document.baseline).toEqual({ name: 'a.jsonl', partial: false });
    const [same, other] = document.candidates;
    expect(same!.rows).toMatchObject([
      { kind: 'paired', difference: 0, stderr: 0, flipped: [], permutation: { p: 1, permutations: 10_000 } },
    ]);
    expect(other!.rows).toMatchObject([{ kind: 'unpaired', samples: 6, candidateSamples: 100, candidate: 0.8 }]);
  });

  test('the same seed gives the same document', async () => {
    await results('a.jsonl', [1, 1, 1, 0, 0, 1]);
    await results('b.jsonl', [1, 0, 0, 0, 1, 1]);
    const run = async (seed: string): Promise<string> =>
      (await runCommandIn(dir, ['compare', 'a.jsonl', 'b.jsonl', '--json', '--seed', seed])).stdout;
    expect(await run('7')).toBe(await run('7'));
  });

  test.each<[string, string[], RegExp]>([
    ['a file that is not there', ['a.jsonl', 'none.jsonl'], /'none.jsonl' is no evaluation id, and there is no such file/],
    ['a folder', ['a.jsonl', '.'], /\. is no file/],
    ['a file of something else', ['a.jsonl', 'text.txt'], /text\.txt: is neither a result nor a report/],
    ['a line that is no result', ['a.jsonl', 'half.jsonl'], /half\.jsonl line 2: is neither a result nor a report/],
    ['nothing in common', ['a.jsonl', 'a.jsonl', '--scorer', 'none'], /no scored benchmark, model and scorer in common/],
    ['numbers that are none', ['a.jsonl', 'a.jsonl', '--level', '95', '--limit', '-1'], /2 faults[^]*--level: '95'[^]*--limit: '-1'/],
  ])('%s is refused', async (_what, args, message) => {
    await results('a.jsonl', [1, 0]);
    await writeFile(join(dir, 'text.txt'), 'hello');
    await writeFile(join(dir, 'half.jsonl'), '{"benchmark":"b","model":"m","sampleId":"1","scores":[]}\n{"sampleId":');
    const { code, stderr: said } = await runCommandIn(dir, ['compare', ...args]);
    expect(code).toBe(2);
    expect(said).toMatch(message);
  });
});
