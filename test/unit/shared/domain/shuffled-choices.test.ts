/** Orders of choices: figures of CPython 3.11 (`r = random.Random(seed)`, then `r.shuffle(places)` of each sample, as Inspect's `shuffle_choices`). */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compileBenchmark } from '../../../../shared/domain/sample.ts';
import { parseSpec } from '../../../../shared/domain/spec.ts';

const benchmarkOf = (args: Record<string, unknown>) =>
  parseSpec({
    name: 'n',
    benchmarks: [
      {
        benchmark: 'b',
        dataset: { uri: 'file:a.jsonl' },
        solver: { name: 'multiple_choice', args },
        scorers: ['choice'],
        metrics: ['accuracy'],
      },
    ],
    models: [{ model: 'mock/m' }],
  }).benchmarks[0]!;
const line = (more: object = {}): string => JSON.stringify({ input: 'q', target: 'B', choices: ['one', 'two', 'three', 'four'], ...more });
const WORDS = ['one', 'two', 'three', 'four'];

test('are those of Inspect where all samples have as many choices, in any order of asking', () => {
  const { map } = compileBenchmark(benchmarkOf({ shuffle: 42 }));
  const expected: [ordinal: number, order: number[]][] = [
    [1000, [1, 0, 3, 2]],
    [3, [1, 3, 2, 0]],
    [1, [2, 1, 3, 0]],
    [4, [1, 2, 0, 3]],
    [2, [3, 2, 0, 1]],
  ];
  for (const [ordinal, order] of expected)
    expect(map(line(), ordinal)).toMatchObject({
      choices: order.map((place) => WORDS[place]),
      target: ['ABCD'[order.indexOf(1)]],
      metadata: { choice_order: order },
    });
});

test('take the target with them, of several letters and none as well', () => {
  const { map } = compileBenchmark(benchmarkOf({ shuffle: 42, multiple_correct: true }));
  expect(map(line({ target: 'A,C' }), 1).target).toEqual(['D,A']);
  expect(map(line({ target: 'AC' }), 1).target).toEqual(['D,A']);
  expect(map(line({ target: ['A', 'C'] }), 1).target).toEqual(['D', 'A']);
  expect(map(line({ target: '' }), 1).target).toEqual(['']);
  expect(() => map(line({ target: 'two' }), 1)).toThrow('"two", which names no choice by its letter');
});

test('the right text stays right, whatever seed, place and number of choices', () => {
  fc.assert(
    fc.property(fc.integer(), fc.integer({ min: 1, max: 700 }), fc.integer({ min: 1, max: 12 }), (seed, ordinal, size) => {
      const choices = Array.from({ length: size }, (_, i) => `choice ${i}`);
      const right = ordinal % size;
      const sample = compileBenchmark(benchmarkOf({ shuffle: seed })).map(line({ choices, target: 'ABCDEFGHIJKL'[right] }), ordinal);
      expect(sample.choices!.toSorted()).toEqual(choices.toSorted());
      expect(sample.choices!['ABCDEFGHIJKL'.indexOf(sample.target[0]!)]).toBe(`choice ${right}`);
    }),
    { numRuns: 100 },
  );
});

test('stand so in the prompt, and nothing changes without a seed', () => {
  const shuffled = compileBenchmark(benchmarkOf({ shuffle: 42 }));
  expect(shuffled.messages(shuffled.map(line(), 1), 1).messages[0]!.content).toContain('A) three\nB) two\nC) four\nD) one');
  const plain = compileBenchmark(benchmarkOf({}));
  expect(plain.map(line(), 1)).toEqual({ id: 1, input: 'q', target: ['B'], choices: WORDS, metadata: {} });
});
