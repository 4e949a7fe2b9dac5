import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MetricFold, stderrOf } from '../../../../shared/scoring/metrics.ts';
import { valueToNumber } from '../../../../shared/scoring/values.ts';

const score = fc.double({ min: -1e3, max: 1e3, noNaN: true });
/** Up to 40 values of up to 1,000: rounding stays far below this. */
const close = (actual: number, wanted: number): void => expect(Math.abs(actual - wanted)).toBeLessThan(1e-6);

describe('MetricFold', () => {
  it('equals the two-pass formulas over the means of the epochs', () => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.option(score), { maxLength: 4 }), { maxLength: 40 }), (samples) => {
        const fold = new MetricFold();
        samples.forEach((epochs, i) => epochs.forEach((value) => fold.add(i, value)));
        const kept = samples.map((epochs) => epochs.filter((v) => v !== null)).filter((epochs) => epochs.length > 0);
        const means = kept.map((epochs) => epochs.reduce((a, b) => a + b, 0) / epochs.length);
        const n = means.length;
        expect(fold.samples).toBe(n);
        if (n === 0) {
          expect(fold.result()).toEqual({ accuracy: null, mean: null, stderr: null, std: null, var: null });
          return;
        }
        const mean = means.reduce((a, b) => a + b, 0) / n;
        const result = fold.result();
        close(result.mean!, mean);
        expect(result.accuracy).toBe(result.mean);
        const variance = n < 2 ? 0 : means.reduce((sum, s) => sum + (s - mean) ** 2, 0) / (n - 1);
        close(result.var!, variance);
        close(result.std! ** 2, variance);
        close(result.stderr!, Math.sqrt(variance) / Math.sqrt(n));
      }),
      { examples: [[[]]] },
    );
  });

  it('gives the exact quotient for 0 and 1, as published accuracies are', () => {
    const fold = new MetricFold(['accuracy']);
    for (let i = 0; i < 1319; i++) fold.add(i, i % 16 < 9 ? 1 : 0);
    const right = Array.from({ length: 1319 }, (_, i) => Number(i % 16 < 9)).reduce((a, b) => a + b, 0);
    expect(fold.result()).toEqual({ accuracy: right / 1319 });
  });

  it('has n = samples, not samples × epochs, and drops what has no verdict', () => {
    const fold = new MetricFold(['mean', 'stderr']);
    for (const [sample, value] of [
      [0, 1],
      [0, 0],
      [1, 1],
      [1, null],
      [2, null],
      [3, 0],
      [3, 0],
    ] as const)
      fold.add(sample, value);
    expect(fold.result()).toEqual({ mean: 0.5, stderr: 0.28867513459481287 });
    expect(fold.samples).toBe(3);
  });

  it('is stable far from zero', () => {
    const fold = new MetricFold(['stderr']);
    [1e9, 1e9 + 1, 1e9 + 2].forEach((v, i) => fold.add(i, v));
    expect(fold.result().stderr).toBeCloseTo(1 / Math.sqrt(3), 9);
  });
});

describe('metrics by name', () => {
  it('std and var have n − 1, and are 0 for one sample', () => {
    const fold = new MetricFold(['std', 'var']);
    fold.add(0, 2);
    expect(fold.result()).toEqual({ std: 0, var: 0 });
    const more = new MetricFold(['var', 'std']);
    [2, 4, 4, 4, 5, 5, 7, 9].forEach((value, i) => more.add(i, value));
    expect(more.result()).toEqual({ var: 32 / 7, std: Math.sqrt(32 / 7) });
  });
});

describe('live sums', () => {
  it('agree with the fold for one epoch', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(0, 0.5, 1), { minLength: 1, maxLength: 50 }), (values) => {
        const fold = new MetricFold();
        values.forEach((v, i) => fold.add(i, v));
        const sum = values.reduce<number>((a, b) => a + b, 0);
        close(
          stderrOf(
            values.length,
            sum,
            values.reduce<number>((a, b) => a + b * b, 0),
          ),
          fold.result().stderr!,
        );
      }),
    );
  });

  it('say nothing of nothing', () => {
    expect(stderrOf(0, 0, 0)).toBe(0);
  });
});

describe('valueToNumber', () => {
  it.each<[string | number | boolean | null, number | null]>([
    ['C', 1],
    ['P', 0.5],
    ['I', 0],
    ['N', 0],
    ['YES', 1],
    ['False', 0],
    [' 2.5 ', 2.5],
    ['1_000', 1000],
    ['infinity', 0],
    ['', 0],
    [true, 1],
    [-3, -3],
    [null, null],
    [NaN, null],
    [Infinity, null],
  ])('%j is %j', (value, number) => {
    expect(valueToNumber(value)).toBe(number);
  });
});
