/** Reducers of epochs. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MetricFold } from '../../../../shared/scoring/metrics.ts';
import { passAtK, reducerOf } from '../../../../shared/scoring/reducers.ts';

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
  ])('%s', (name, expected) => {
    const result = reduce(name, values);
    if (expected === null) expect(result).toBeNull();
    else expect(result).toBeCloseTo(expected, 12);
  });

  it('median of an odd number is the middle one; mode keeps the first of a tie', () => {
    expect(reduce('median', [9, 1, 5])).toBe(5);
    expect(reduce('mode', [2, 1, 1, 2])).toBe(2);
  });

  it.each(['pass_at_0', 'at_least_', 'sum', '__proto__', 'constructor', 'pass_at_-1'])('%s is none', (name) => {
    expect(reducerOf(name)).toBeUndefined();
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
