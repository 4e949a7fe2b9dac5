/** Statistics: their edges, and what holds whatever the values. `vectors/statistics.ts` holds them against published ones. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../../../shared/domain/errors.ts';
import { bootstrap, bootstrapStderr } from '../../../../shared/scoring/statistics/bootstrap.ts';
import { brier, brierScore } from '../../../../shared/scoring/statistics/brier.ts';
import { clusteredStderr } from '../../../../shared/scoring/statistics/clustered-stderr.ts';
import { confidenceInterval } from '../../../../shared/scoring/statistics/confidence-interval.ts';
import { gPassAtK } from '../../../../shared/scoring/statistics/g-pass.ts';
import { groupMean } from '../../../../shared/scoring/statistics/group-mean.ts';
import { grouped } from '../../../../shared/scoring/statistics/grouped.ts';
import { choiceAccuracy } from '../../../../shared/scoring/statistics/loglikelihood.ts';
import { mcnemar } from '../../../../shared/scoring/statistics/mcnemar.ts';
import { median, percentile, upperMedian } from '../../../../shared/scoring/statistics/median.ts';
import { mean, std, variance } from '../../../../shared/scoring/statistics/moments.ts';
import { pairedDifference } from '../../../../shared/scoring/statistics/paired.ts';
import { meanPassAtK, passAtK } from '../../../../shared/scoring/statistics/pass-at-k.ts';
import { passHatK } from '../../../../shared/scoring/statistics/pass-hat-k.ts';
import { bitsPerByte, documentPerplexity, sequencePerplexity, unitPerplexity } from '../../../../shared/scoring/statistics/perplexity.ts';
import { permutationTest } from '../../../../shared/scoring/statistics/permutation.ts';
import { pooledStderr } from '../../../../shared/scoring/statistics/pooled-stderr.ts';
import { softmax } from '../../../../shared/scoring/statistics/softmax.ts';
import { stderr } from '../../../../shared/scoring/statistics/stderr.ts';
import { tTail } from '../../../../shared/scoring/statistics/t-distribution.ts';
import { tQuantile } from '../../../../shared/scoring/statistics/t-quantile.ts';
import { unpairedDifference } from '../../../../shared/scoring/statistics/unpaired.ts';
import { withinSampleStderr } from '../../../../shared/scoring/statistics/within-sample.ts';

const score = fc.double({ min: -100, max: 100, noNaN: true });
const scores = fc.array(score, { minLength: 1, maxLength: 30 });
const pairs = fc.array(fc.tuple(score, score), { minLength: 1, maxLength: 30 });
/** Epochs n, successes c, drawn k. */
const draws = fc.integer({ min: 1, max: 60 }).chain((n) => fc.tuple(fc.constant(n), fc.nat(n), fc.integer({ min: 1, max: n })));

describe('without values', () => {
  it('there is nothing to say', () => {
    const none: number[] = [];
    for (const statistic of [mean, variance, std, stderr, median, upperMedian, confidenceInterval, documentPerplexity])
      expect(statistic(none)).toBeNull();
    expect(percentile(none, 0.5)).toBeNull();
    expect(clusteredStderr(none, [])).toBeNull();
    expect(bootstrapStderr(none, mean)).toBeNull();
    expect(pairedDifference(none, none)).toBeNull();
    expect(unpairedDifference(none, [1])).toBeNull();
    expect(permutationTest(none, none)).toBeNull();
    expect(withinSampleStderr([])).toBeNull();
    expect(meanPassAtK([], 1)).toBeNull();
    expect(pooledStderr([], [])).toBeNull();
    expect(groupMean([], [])).toBeNull();
    expect(groupMean([], [], false)).toBeNull();
    expect(brierScore([], [])).toBeNull();
    for (const perplexity of [unitPerplexity, bitsPerByte, sequencePerplexity]) expect(perplexity([[-1, 0]])).toBeNull();
    expect(grouped(none, [], mean)).toEqual({ groups: new Map(), all: null });
    expect(mcnemar(0, 0)).toBe(1);
  });
});

describe('a single value', () => {
  it('has no spread', () => {
    expect([variance([3]), std([3]), stderr([3]), clusteredStderr([3], ['a']), bootstrapStderr([3], mean)]).toEqual([0, 0, 0, 0, 0]);
    expect(confidenceInterval([3])).toEqual({ lower: 3, upper: 3 });
    expect(confidenceInterval([3], { method: 'bootstrap' })).toEqual({ lower: 3, upper: 3 });
    expect(pairedDifference([3], [1])).toEqual({ mean: 2, stderr: 0 });
    expect(withinSampleStderr([[1, 1]])).toBe(0);
    expect(pooledStderr([0], [1])).toBe(0);
    expect([median([3]), upperMedian([3]), percentile([3], 0.9)]).toEqual([3, 3, 3]);
  });
});

describe('standard errors', () => {
  it('with a cluster for each value are those without, but for the correction of the same size', () => {
    fc.assert(
      fc.property(scores, (values) => {
        const ids = values.map((_, i) => i);
        expect(clusteredStderr(values, ids)).toBeCloseTo(stderr(values)!, 9);
      }),
    );
  });

  it('grow when each value stands twice in its cluster no more than the values say', () => {
    const values = [1, 0, 0, 1, 1];
    const ids = [0, 1, 2, 3, 4];
    expect(clusteredStderr([...values, ...values], [...ids, ...ids])).toBeCloseTo(stderr(values)!, 12);
    expect(stderr([...values, ...values])).toBeLessThan(stderr(values)!);
  });

  it('refuse a value without a cluster', () => {
    for (const ids of [[1, null], [1, undefined], [1, NaN], [1]]) expect(() => clusteredStderr([1, 2], ids)).toThrow(AppError);
  });

  it('pooled over groups of one variance are those of all', () => {
    expect(pooledStderr([stderr([1, 2, 3])!, stderr([5, 6, 7])!], [3, 3])).toBeCloseTo(Math.sqrt(1 / 6), 12);
  });
});

describe("Student's t", () => {
  it.each([
    [0.975, 1, 12.706204736174694],
    [0.995, 2, 9.92484320091829],
    [0.975, 30, 2.0422724563012378],
    [0.95, 19, 1.729132811521369],
    [0.6, 5, 0.26718086570414507],
    [0.975, 1000000, 1.9599663568141066],
    [1e-12, 10, -40.5320961786626],
    [0.025, 2.5, -3.574654842003683],
  ])('the quantile %f with %f degrees of freedom is %f', (p, df, expected) => {
    expect(Math.abs(tQuantile(p, df) / expected - 1)).toBeLessThan(1e-10);
  });

  it('is the inverse of its distribution, and symmetric', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-9, max: 0.499, noNaN: true }), fc.integer({ min: 1, max: 2000 }), (tail, df) => {
        const t = -tQuantile(tail, df);
        expect(Math.abs(tTail(t, df) / tail - 1)).toBeLessThan(1e-10);
        expect(Math.abs(tQuantile(1 - tail, df) / t - 1)).toBeLessThan(1e-6);
      }),
    );
    expect(tQuantile(0.5, 3)).toBe(0);
  });

  it('refuses what is no chance and no freedom', () => {
    for (const [p, df] of [
      [0, 1],
      [1, 1],
      [NaN, 1],
      [0.5, 0],
      [0.5, NaN],
    ] as const)
      expect(() => tQuantile(p, df)).toThrow(AppError);
  });
});

describe('confidence intervals', () => {
  it('hold the mean, and more the higher the level', () => {
    fc.assert(
      fc.property(scores, (values) => {
        const m = mean(values)!;
        const [narrow, wide] = [confidenceInterval(values, { level: 0.8 })!, confidenceInterval(values, { level: 0.99 })!];
        expect(wide.lower <= narrow.lower && narrow.lower <= m && m <= narrow.upper && narrow.upper <= wide.upper).toBe(true);
      }),
    );
  });

  it('by bootstrap come near those by t, from the same seed the same', () => {
    const values = Array.from({ length: 200 }, (_, i) => (i * 37) % 100);
    const t = confidenceInterval(values)!;
    const resampled = confidenceInterval(values, { method: 'bootstrap', seed: 5 })!;
    expect(Math.abs(resampled.lower - t.lower)).toBeLessThan(0.5);
    expect(Math.abs(resampled.upper - t.upper)).toBeLessThan(0.5);
    expect(confidenceInterval(values, { method: 'bootstrap', seed: 5 })).toEqual(resampled);
    expect(confidenceInterval(values, { method: 'bootstrap', seed: 6 })).not.toEqual(resampled);
  });

  it('of one cluster are the mean; of clusters draw whole ones', () => {
    expect(confidenceInterval([0, 2], { clusters: ['a', 'a'] })).toEqual({ lower: 1, upper: 1 });
    expect(confidenceInterval([0, 2], { clusters: ['a', 'a'], method: 'bootstrap' })).toEqual({ lower: 1, upper: 1 });
    const means = bootstrap([0, 0, 1, 1], mean, { clusters: ['a', 'a', 'b', 'b'], resamples: 200 });
    expect(new Set(means)).toEqual(new Set([0, 0.5, 1]));
  });

  it('refuse a level that is none', () => {
    for (const level of [0, 1, 95]) expect(() => confidenceInterval([1, 2], { level })).toThrow(AppError);
  });
});

describe('the bootstrap', () => {
  it('has a standard error near that of the formula', () => {
    const values = Array.from({ length: 100 }, (_, i) => i % 7);
    expect(bootstrapStderr(values, mean, { resamples: 2000 })! / stderr(values)!).toBeCloseTo(1, 1);
  });
});

describe('groups', () => {
  it('of equal weight give the mean of all samples', () => {
    const values = [1, 1, 4, 2, 6, 10];
    const { groups, all } = grouped(values, ['b', 'b', 'b', 'a', 'a', 'a'], mean, 'groups');
    expect([...groups]).toEqual([
      ['b', 2],
      ['a', 6],
    ]);
    expect(all).toBe(4);
    expect(groupMean([2, 6], [3, 3])).toBe(4);
    expect(groupMean([2, 6], [1, 3])).toBe(5);
    expect(() => groupMean([2], [1, 3])).toThrow(AppError);
  });
});

describe('drawing k of n epochs', () => {
  it('at least one is pass@k, all are pass^k, G-Pass@k lies between and falls with its threshold', () => {
    fc.assert(
      fc.property(draws, fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }), ([n, c, k], a, b) => {
        expect(gPassAtK(n, c, k, 0)).toBeCloseTo(passAtK(n, c, k), 9);
        expect(gPassAtK(n, c, k, 1)).toBeCloseTo(passHatK(n, c, k)!, 9);
        expect(gPassAtK(n, c, k, Math.max(a, b))!).toBeLessThanOrEqual(gPassAtK(n, c, k, Math.min(a, b))!);
      }),
    );
  });

  it('has no value where n < k, and one wherever all succeed', () => {
    expect([
      passHatK(2, 2, 3),
      gPassAtK(2, 2, 3, 0.5),
      meanPassAtK(
        [
          [5, 1],
          [2, 2],
        ],
        3,
      ),
    ]).toEqual([null, null, null]);
    expect([passHatK(1000, 1000, 500), gPassAtK(1000, 1000, 500, 0.5)]).toEqual([1, 1]);
    expect(gPassAtK(200, 100, 100, 0.07)).toBe(gPassAtK(200, 100, 100, 7 / 100));
  });
});

describe('perplexities', () => {
  it('of each byte at one chance in 256 are 256, and eight bits', () => {
    const ll = -10 * Math.log(256);
    expect(unitPerplexity([[ll, 10]])).toBeCloseTo(256, 9);
    expect(bitsPerByte([[ll, 10]])).toBeCloseTo(8, 12);
    expect(
      sequencePerplexity([
        [ll, 10],
        [0, 0],
      ]),
    ).toBeCloseTo(256, 9);
  });
});

describe('multiple choice by likelihood', () => {
  it('counts code points and bytes, not UTF-16', () => {
    // Per code point −2 and −1.9, per UTF-16 unit −1 and −1.9, per byte −0.5 and −1.9.
    const accuracy = choiceAccuracy({ choices: ['😀😀', 'ab'], logLikelihoods: [-4, -3.8], unconditional: [-1, -3], gold: 1 });
    expect(accuracy).toEqual({ acc: 1, acc_norm: 1, acc_bytes: 0, acc_mutual_info: 1 });
  });

  it('has nothing right where the right answer is no choice, and never takes an empty choice by its length', () => {
    expect(choiceAccuracy({ choices: ['a', 'b'], logLikelihoods: [-1, -2], gold: 2 })).toEqual({ acc: 0, acc_norm: 0, acc_bytes: 0 });
    expect(choiceAccuracy({ choices: ['', 'b'], logLikelihoods: [0, -2], gold: 1 })).toEqual({ acc: 0, acc_norm: 1, acc_bytes: 1 });
    expect(choiceAccuracy({ choices: [], logLikelihoods: [], gold: -1 }).acc).toBe(0);
    expect(() => choiceAccuracy({ choices: ['a'], logLikelihoods: [], gold: 0 })).toThrow(AppError);
  });

  it('softmax gives chances, whatever the size of the likelihoods', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -1e5, max: 1e5, noNaN: true }), { minLength: 1, maxLength: 8 }), (logits) => {
        const chances = softmax(logits);
        expect(chances.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
        expect(chances.every((p) => p >= 0 && p <= 1)).toBe(true);
        expect(brier(chances, 0)).toBeLessThanOrEqual(2 + 1e-12);
      }),
    );
    expect([brier([1, 0], 0), brier([1, 0], 1)]).toEqual([0, 2]);
  });
});

describe('two models', () => {
  it("McNemar's chances of b or more and of fewer make one", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 500 }), fc.integer({ min: 1, max: 500 }), (c, b) => {
        // P[X ≥ b] + P[X ≥ n − b + 1] = 1, for the coin has no side.
        expect(mcnemar(b, c) + mcnemar(c + 1, b - 1)).toBeCloseTo(1, 9);
      }),
    );
    expect(mcnemar(0, 5)).toBe(1);
    expect(mcnemar(5, 0)).toBeCloseTo(1 / 32, 15);
  });

  it('differ by the difference of their means, paired or not', () => {
    fc.assert(
      fc.property(pairs, (both) => {
        const [a, b] = [both.map(([x]) => x), both.map(([, y]) => y)];
        expect(pairedDifference(a, b)!.mean).toBeCloseTo(unpairedDifference(a, b)!.mean, 9);
      }),
    );
    expect(pairedDifference([1, 2, 3], [0, 1, 2])).toEqual({ mean: 1, stderr: 0 });
    expect(() => pairedDifference([1], [])).toThrow(AppError);
  });

  it('by permutation: alike gives 1, far apart as little as the draws can show, both ways round the same', () => {
    const [a, b] = [Array.from({ length: 12 }, () => 1), Array.from({ length: 12 }, () => 0)];
    expect(permutationTest(a, a, { permutations: 99 })).toBe(1);
    expect(permutationTest(a, b, { permutations: 99 })).toBeLessThanOrEqual(0.03);
    expect(permutationTest(b, a, { permutations: 99 })).toBe(permutationTest(a, b, { permutations: 99 }));
    expect(permutationTest(b, a, { permutations: 99, alternative: 'greater' })).toBe(1);
    expect(permutationTest(a, b, { permutations: 99, seed: 1 })).toBe(permutationTest(a, b, { permutations: 99, seed: 1 }));
  });

  it('by permutation comes near the exact chance', () => {
    // Of the 2⁴ signs of 1, 1, 1, 2 two give a sum as far from 0 as 5: all + and all −.
    expect(permutationTest([1, 1, 1, 2], [0, 0, 0, 0], { permutations: 20_000 })!).toBeCloseTo(1 / 8, 1);
  });
});
