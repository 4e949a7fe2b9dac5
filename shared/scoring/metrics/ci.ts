/**
 * A confidence interval of the mean, `ci_lower` to `ci_upper`, as Inspect's `ci`:
 *
 *   t          m ± t · SE with n − 1 degrees of freedom; with C clusters the clustered SE and C − 1
 *   bootstrap  percentiles of resampled means; with clusters whole ones are drawn
 *
 * The same as `statistics/confidence-interval.ts`, from sums. One value, or one cluster, says nothing of its spread: the interval is the mean.
 * `bootstrap` keeps 8 to 16 bytes for each sample, or each cluster; `t` keeps none for samples.
 */
import { z } from 'zod';
import { resampledMeans } from '../statistics/bootstrap.ts';
import { percentile } from '../statistics/median.ts';
import { tQuantile } from '../statistics/t-quantile.ts';
import { clusterArg, numSamplesArg, seedArg } from './arguments.ts';
import type { MetricKind } from './metric.ts';
import { RunningClusters } from './running-clusters.ts';
import { RunningMoments } from './running-moments.ts';

const args = z.strictObject({
  level: z.number().gt(0).lt(1).default(0.95).describe('How sure'),
  cluster: clusterArg,
  method: z.enum(['t', 'bootstrap']).default('t').describe("By Student's t, or by drawing"),
  num_samples: numSamplesArg,
  seed: seedArg,
});

export const ci: MetricKind<z.infer<typeof args>> = {
  args,
  names: ['ci_lower', 'ci_upper'],
  needs: ({ cluster }) => ({ cluster }),
  draws: ({ method, num_samples: draws }) => (method === 'bootstrap' ? draws : 0),
  create: ({ level, cluster, method, num_samples: resamples, seed }) => {
    const moments = new RunningMoments();
    const clusters = new RunningClusters();
    const values: number[] = [];
    const means: number[] = [];
    const units = (): number => (cluster === undefined ? moments.n : clusters.count);
    const byDrawing = method === 'bootstrap';
    return {
      add: (value, labels) => {
        moments.add(value);
        if (cluster !== undefined) clusters.add(value, labels[cluster]!);
        else if (byDrawing) values.push(value);
      },
      *work() {
        if (!byDrawing || units() < 2) return;
        const drawn =
          cluster === undefined
            ? resampledMeans(values, { resamples, seed })
            : resampledMeans(clusters.sums, { resamples, seed }, clusters.sizes);
        for (const mean of drawn) yield void means.push(mean + (cluster === undefined ? 0 : clusters.origin));
      },
      result: () => {
        const { mean } = moments;
        if (units() < 2) return { metrics: { ci_lower: mean, ci_upper: mean } };
        const share = (1 + level) / 2;
        if (byDrawing) return { metrics: { ci_lower: percentile(means, 1 - share) ?? mean, ci_upper: percentile(means, share) ?? mean } };
        const half = tQuantile(share, units() - 1) * (cluster === undefined ? moments.stderr : clusters.stderr);
        return { metrics: { ci_lower: mean - half, ci_upper: mean + half } };
      },
    };
  },
};
