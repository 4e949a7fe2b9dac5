/** The examples of lm-evaluation-harness: figures of CPython 3.11 (`r = random.Random(seed)`, then `r.sample(range(pool), k)` again and again). */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compileBenchmark, shotOf } from '../../../../shared/domain/sample.ts';
import { ShotDraws } from '../../../../shared/domain/shot-draws.ts';
import { parseSpec } from '../../../../shared/domain/spec.ts';
import { PythonRandom } from '../../../../shared/scoring/statistics/mt19937.ts';

test('are those of Python, in any order', () => {
  const train = new ShotDraws(1234, 7473, 5);
  expect([2, 0, 1].map((n) => train.at(n))).toEqual([
    [5677, 687, 806, 6279, 2905],
    [6374, 3610, 957, 61, 742],
    [7462, 6610, 4769, 286, 5501],
  ]);
  const small = new ShotDraws(1234, 20, 4);
  expect([199, 0, 1].map((n) => small.at(n))).toEqual([
    [16, 5, 1, 12],
    [14, 3, 0, 2],
    [18, 1, 2, 3],
  ]);
  const other = new ShotDraws(7, 285, 6);
  expect([999, 500, 0].map((n) => other.at(n))).toEqual([
    [107, 112, 198, 183, 171, 140],
    [184, 168, 270, 110, 159, 67],
    [165, 77, 202, 24, 37, 274],
  ]);
});

test('are the same from any place on the way, also far beyond what is kept', () => {
  const [seed, pool, count, most] = [3, 50, 7, 60_000];
  const random = new PythonRandom(seed);
  const values = Array.from({ length: pool }, (_, i) => i);
  const expected = Array.from({ length: most }, () => random.sample(values, count));
  const draws = new ShotDraws(seed, pool, count);
  fc.assert(
    fc.property(fc.integer({ min: 0, max: most - 1 }), (n) => {
      expect(draws.at(n)).toEqual(expected[n]);
    }),
    { numRuns: 60, examples: [[most - 1], [0]] },
  );
});

const lines = Array.from({ length: 20 }, (_, i) => JSON.stringify({ input: `q${i}`, target: `t${i}` }));
const promptOf = (fewshot: Record<string, unknown>, ordinal: number): string => {
  const [benchmark] = parseSpec({
    name: 'n',
    benchmarks: [
      {
        benchmark: 'b',
        dataset: { uri: 'file:a.jsonl' },
        prompt: { template: 'Q: {{ input }}\nA:', num_fewshot: 3, fewshot: { sampler: 'lm_eval', ...fewshot } },
        scorers: ['match'],
      },
    ],
    models: [{ model: 'mock/m' }],
  }).benchmarks;
  const plain = compileBenchmark(benchmark!);
  const shots = lines.map((line, i) => shotOf(plain, line, i + 1)); // with ordinals where they are its own
  const compiled = compileBenchmark(benchmark!, shots);
  return compiled.messages(compiled.map(lines[ordinal - 1]!, ordinal), ordinal).messages[0]!.content as string;
};
const questions = (prompt: string): string[] => [...prompt.matchAll(/Q: (q\d+)/g)].map(([, question]) => question!);

test('of another dataset a sample has its draw of as many, with the template and delimiters', () => {
  // random.Random(1234): sample(range(20), 3) is [14, 3, 0], then [2, 0, 18].
  const random = new PythonRandom(1234);
  const draws = lines.map(() => random.sample(Array.from(lines.keys()), 3));
  expect(promptOf({ uri: 'file:train.jsonl' }, 1)).toBe(`${draws[0]!.map((i) => `Q: q${i}\nA: t${i}\n\n`).join('')}Q: q0\nA:`);
  expect(questions(promptOf({ uri: 'file:train.jsonl' }, 2))).toEqual([...draws[1]!.map((i) => `q${i}`), 'q1']);
});

test('of its own dataset one more is drawn, and the sample itself taken out', () => {
  const random = new PythonRandom(1234);
  for (let ordinal = 1; ordinal <= lines.length; ordinal++) {
    const drawn = random.sample(Array.from(lines.keys()), 4).filter((i) => i !== ordinal - 1);
    expect(questions(promptOf({}, ordinal))).toEqual([...drawn.slice(0, 3).map((i) => `q${i}`), `q${ordinal - 1}`]);
  }
});
