/** Every metric against a slow reference, over random scores, clusters and groups. That the order of arrival changes no bit is tested with the report. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MetricFold, type MetricSpec } from '../../../../shared/scoring/metrics.ts';
import { bootstrapStderr } from '../../../../shared/scoring/statistics/bootstrap.ts';
import { clusteredStderr } from '../../../../shared/scoring/statistics/clustered-stderr.ts';
import { confidenceInterval } from '../../../../shared/scoring/statistics/confidence-interval.ts';
import { grouped } from '../../../../shared/scoring/statistics/grouped.ts';
import { mean } from '../../../../shared/scoring/statistics/moments.ts';
import { pooledStderr } from '../../../../shared/scoring/statistics/pooled-stderr.ts';
import { stderr } from '../../../../shared/scoring/statistics/stderr.ts';

interface Scored {
  value: number;
  labels: { topic: string; passage: string };
}

const scored: fc.Arbitrary<Scored> = fc.record({
  value: fc.oneof(fc.constantFrom(0, 1), fc.double({ min: -1e3, max: 1e3, noNaN: true })),
  labels: fc.record({ topic: fc.constantFrom('a', 'b', 'c'), passage: fc.constantFrom('p', 'q', 'r', 's', 't') }),
});
const samples = fc.array(scored, { minLength: 1, maxLength: 30 });

function foldOf(metrics: MetricSpec[], values: readonly Scored[]): MetricFold {
  const fold = new MetricFold(metrics);
  values.forEach(({ value, labels }, i) => fold.add(i, value, labels));
  return fold;
}

const close = (actual: number | null | undefined, wanted: number | null | undefined): void =>
  expect(Math.abs(actual! - wanted!)).toBeLessThan(1e-6);

describe('metrics over random scores', () => {
  it('stderr by clusters', () => {
    fc.assert(
      fc.property(samples, (all) => {
        const { stderr: found } = foldOf([{ name: 'stderr', args: { cluster: 'passage' } }], all).result();
        close(
          found,
          clusteredStderr(
            all.map((s) => s.value),
            all.map((s) => s.labels.passage),
          ),
        );
      }),
    );
  });

  it('stderr by clusters stays right far from zero', () => {
    const all = [0, 1, 0, 1, 1, 0].map((v, i) => ({ value: 1e9 + v, labels: { topic: 'a', passage: 'pqr'[i % 3]! } }));
    const near = clusteredStderr([0, 1, 0, 1, 1, 0], ['p', 'q', 'r', 'p', 'q', 'r'])!;
    expect(foldOf([{ name: 'stderr', args: { cluster: 'passage' } }], all).result().stderr).toBeCloseTo(near, 9);
  });

  it.each(['t', 'bootstrap'] as const)('ci by %s, with and without clusters', (method) => {
    fc.assert(
      fc.property(samples, fc.boolean(), fc.constantFrom(0.5, 0.9, 0.95), fc.nat(5), (all, isClustered, level, seed) => {
        const clusters = isClustered ? all.map((s) => s.labels.passage) : undefined;
        const args = { method, level, seed, num_samples: 50, ...(isClustered ? { cluster: 'passage' } : {}) };
        const found = foldOf([{ name: 'ci', args }], all).result();
        const wanted = confidenceInterval(
          all.map((s) => s.value),
          { method, level, seed, resamples: 50, clusters },
        );
        close(found.ci_lower, wanted?.lower);
        close(found.ci_upper, wanted?.upper);
      }),
    );
  });

  it('stderr by drawing', () => {
    fc.assert(
      fc.property(samples, fc.nat(5), (all, seed) => {
        const found = foldOf([{ name: 'bootstrap_stderr', args: { num_samples: 50, seed } }], all).result();
        close(
          found.bootstrap_stderr,
          bootstrapStderr(
            all.map((s) => s.value),
            mean,
            { resamples: 50, seed },
          ),
        );
      }),
    );
  });

  it('groups, their macro and weighted mean, and the pooled stderr', () => {
    fc.assert(
      fc.property(samples, (all) => {
        const [found] = foldOf([{ name: 'grouped', args: { group_key: 'topic', metrics: ['mean', 'stderr', 'var'] } }], all).groups();
        const [values, topics] = [all.map((s) => s.value), all.map((s) => s.labels.topic)];
        const means = grouped(values, topics, mean, 'groups');
        const errors = grouped(values, topics, stderr);
        expect(found!.key).toBe('topic');
        expect(found!.groups.map((g) => g.group)).toEqual([...means.groups.keys()]);
        for (const { group, samples: n, metrics } of found!.groups) {
          expect(n).toBe(topics.filter((topic) => topic === group).length);
          close(metrics['mean'], means.groups.get(group));
          close(metrics['stderr'], errors.groups.get(group));
          close(metrics['var'], metrics['stderr']! ** 2 * n);
        }
        close(found!.macro, means.all);
        close(found!.weighted, mean(values));
        const sizes = found!.groups.map((g) => g.samples);
        close(found!.pooledStderr, pooledStderr([...errors.groups.values()].map(Number), sizes));
      }),
    );
  });

  it('all in one pass are what each is alone', () => {
    const specs: MetricSpec[] = ['mean', { name: 'stderr', args: { cluster: 'topic' } }, 'ci', 'bootstrap_stderr'];
    fc.assert(
      fc.property(samples, (all) => {
        const together = foldOf(specs, all).result();
        const alone = Object.assign({}, ...specs.map((spec) => foldOf([spec], all).result())) as object;
        expect(together).toEqual(alone);
      }),
      { numRuns: 10 },
    );
  });

  it('say nothing of nothing', () => {
    const fold = new MetricFold(['ci', 'bootstrap_stderr', { name: 'grouped', args: { group_key: 'topic' } }]);
    fold.add(0, null, { topic: 'a' });
    expect(fold.result()).toEqual({ ci_lower: null, ci_upper: null, bootstrap_stderr: null });
    expect(fold.groups()).toEqual([]);
  });

  it('one sample, or one cluster, has no spread', () => {
    const one = [{ value: 3, labels: { topic: 'a', passage: 'p' } }];
    const args = { cluster: 'passage', method: 'bootstrap' };
    expect(foldOf([{ name: 'ci', args }], [...one, ...one]).result()).toEqual({ ci_lower: 3, ci_upper: 3 });
    expect(foldOf(['ci', 'bootstrap_stderr'], one).result()).toEqual({ ci_lower: 3, ci_upper: 3, bootstrap_stderr: 0 });
  });

  it('work comes in pieces, and is done once', () => {
    const fold = foldOf([{ name: 'bootstrap_stderr', args: { num_samples: 7 } }], [{ value: 0, labels: { topic: '', passage: '' } }]);
    expect([...fold.work()]).toHaveLength(7);
    expect([...fold.work()]).toHaveLength(0);
    expect(fold.result()).toEqual({ bootstrap_stderr: 0 });
  });
});
