/** Reducers of epochs. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../../../shared/domain/errors.ts';
import { createChain } from '../../../../shared/scoring/filters/registry.ts';
import { MetricFold } from '../../../../shared/scoring/metrics.ts';
import { findReducer, passAtK, reducerForms, reducerOf } from '../../../../shared/scoring/reducers.ts';
import { createScorer } from '../../../../shared/scoring/registry.ts';
import { reducePlaces } from '../../../../shared/scoring/reducers/structured.ts';

const reduce = (name: string, values: number[]): number | null => reducerOf(name)!(values);

describe('reducers', () => {
  const values = [6, 0, 0, 0, 8, 4];
  it.each([
    ['mean', 3],
    ['median', 2],
    ['mode', 0],
    ['max', 8],
    ['at_least_3', 1],
    ['at_least_4', 0],
    ['pass_at_2', 0.8],
    ['pass_at_6', 1],
    ['pass_at_7', null],
    ['pass_at_3_from_2', 0.95],
    ['pass_at_3_from_8', 0.5],
    ['at_least_4_from_0', 1],
    ['at_least_4_from_-0.5', 1],
    ['pass_k_3', 0.05],
    ['pass_k_4', 0],
    ['pass_k_7', null],
    ['g_pass_2_50', 0.8],
    ['g_pass_2_100', 0.2],
    ['g_pass_3_67', 0.05],
    ['g_pass_3_66', 0.5],
    ['g_pass_3_0_from_6.5', 0.5],
    ['g_pass_7_50', null],
  ])('%s', (name, expected) => {
    const result = reduce(name, values);
    if (expected === null) expect(result).toBeNull();
    else expect(result).toBeCloseTo(expected, 12);
  });

  it('median of an odd number is the middle one; mode keeps the first of a tie', () => {
    expect(reduce('median', [9, 1, 5])).toBe(5);
    expect(reduce('mode', [2, 1, 1, 2])).toBe(2);
  });

  it('mode counts what was said, as far as it is known, and gives its number', () => {
    const mode = (...said: (string | undefined)[]) =>
      reducerOf('mode')!(
        said.map((value) => Number(value === 'C')),
        said.map((value) => ({ value })),
      );
    expect(mode('C', 'C', 'I', 'I', 'N')).toBe(1);
    expect(mode('I', 'N', 'C', 'C')).toBe(1);
    expect(mode('N', 'I', 'I', 'C')).toBe(0);
    expect(mode('C', undefined, undefined)).toBe(0);
  });

  describe('maj_K', () => {
    const maj = (k: number, ...epochs: [answer: string | undefined, value: number][]) =>
      reducerOf(`maj_${k}`)!(
        epochs.map(([, value]) => value),
        epochs.map(([answer]) => ({ answer })),
      );

    it('takes the value of the most frequent answer of the first K, and of several the first', () => {
      expect(maj(3, ['7', 0], ['5', 1], ['5', 1])).toBe(1);
      expect(maj(3, ['7', 0], ['5', 1], ['7', 0], ['5', 1], ['5', 1])).toBe(0);
      expect(maj(4, ['7', 0], ['5', 1], ['5', 1], ['7', 0])).toBe(0);
      expect(maj(1, ['7', 0], ['5', 1], ['5', 1])).toBe(0);
    });

    it('lets epochs without an answer vote for none, and has no value where there are fewer than K', () => {
      expect(maj(3, [undefined, 0], [undefined, 0], ['5', 1])).toBe(0);
      expect(maj(3, ['5', 1], ['5', 1])).toBeNull();
      expect(findReducer('maj_8')).toMatchObject({ epochs: 8, ofAnswers: true });
    });

    it('says what lm-eval says: the first K, the vote, then the score', () => {
      const answers = fc.array(fc.constantFrom('5', '5.0', '7', '[invalid]', '1,000', '1000'), { minLength: 1, maxLength: 12 });
      const scorer = createScorer({ name: 'exact_match', args: { regexes_to_ignore: [','] } });
      fc.assert(
        fc.property(answers, fc.integer({ min: 1, max: 12 }), fc.constantFrom('5', '1000'), (given, k, target) => {
          fc.pre(k <= given.length);
          const chain = createChain([
            { name: 'take_first_k', args: { k } },
            { name: 'majority_vote', args: {} },
          ]);
          const verdicts = given.map((each) => scorer(each, [target]));
          const values = verdicts.map(({ value }) => value as number);
          const said = verdicts.map(({ answer }) => ({ answer }));
          expect(reducerOf(`maj_${k}`)!(values, said)).toBe(scorer(chain(given)[0]!, [target]).value);
        }),
      );
    });
  });

  it.each([
    ...[
      'pass_at_0',
      'at_least_',
      'sum',
      '__proto__',
      'constructor',
      'pass_at_-1',
      'pass_at_01',
      'maj_0',
      'maj_3_from_0.5',
      'mean_from_1',
      'mean_3',
    ],
    ...[
      'pass_k',
      'g_pass_3',
      'g_pass_3_101',
      'g_pass_3_050',
      'pass_at_3_from_',
      'pass_at_3_from_1.0',
      'pass_at_3_from_01',
      'pass_at_3_from_1e3',
    ],
  ])('%s is none', (name) => {
    expect(reducerOf(name)).toBeUndefined();
  });

  it('say how many epochs they need, and their forms', () => {
    const needed = ['mean', 'at_least_4', 'pass_at_3_from_0.5', 'g_pass_5_80'].map((name) => findReducer(name)?.epochs);
    expect(needed).toEqual([1, 4, 3, 5]);
    expect(reducerForms()).toEqual(['mean', 'median', 'mode', 'max', 'maj_K', 'at_least_K', 'pass_at_K', 'pass_k_K', 'g_pass_K_T']);
  });

  it('pass@k is what drawing k of n without repetition gives', () => {
    const choose = (n: number, k: number): number => (k < 0 || k > n ? 0 : k === 0 ? 1 : (choose(n - 1, k - 1) * n) / k);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 30 }), fc.nat(30), fc.integer({ min: 1, max: 30 }), (n, successes, k) => {
        fc.pre(successes <= n && k <= n);
        expect(passAtK(n, successes, k)).toBeCloseTo(1 - choose(n - successes, k) / choose(n, k), 9);
      }),
    );
  });
});

describe('values of several numbers', () => {
  it('are reduced place by place, without places that have none', () => {
    const mean = reducerOf('mean')!;
    expect(
      reducePlaces(mean, [
        [1, 2],
        [3, null],
        [5, 4],
      ]),
    ).toEqual([3, 3]);
    expect(
      reducePlaces(mean, [
        { a: 1, b: null },
        { b: null, a: 2 },
      ]),
    ).toEqual({ a: 1.5, b: null });
  });

  it('must be alike', () => {
    const mean = reducerOf('mean')!;
    for (const values of [[[1], [1, 2]], [{ a: 1 }, { b: 1 }], [[1], { 0: 1 }], []])
      expect(() => reducePlaces(mean, values as number[][])).toThrow(AppError);
  });
});

describe('metrics over reduced epochs', () => {
  it('n counts samples that have a reduced value', () => {
    const fold = new MetricFold(['mean'], reducerOf('pass_at_2'));
    fold.add(0, 1);
    fold.add(0, 0);
    fold.add(1, 1); // its other epoch has no value: fewer than two
    fold.add(1, null);
    expect(fold.result()).toEqual({ mean: 1 });
    expect(fold.samples).toBe(1);
  });
});
