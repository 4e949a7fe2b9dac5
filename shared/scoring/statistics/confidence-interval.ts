/**
 * A confidence interval of the mean:
 *
 *   t          m ± t · SE, t the quantile (1 + level) / 2 of Student's t with n − 1 degrees of freedom; with C clusters the clustered SE
 *              and C − 1
 *   bootstrap  the percentiles (1 ∓ level) / 2 of resampled means (Efron 1981); with clusters whole ones are drawn
 *
 * As Inspect's `ci`. One value, or one cluster, says nothing of its spread: the interval is the mean. Null for n = 0.
 */
import { AppError } from '../../domain/errors.ts';
import { bootstrap, type BootstrapOptions } from './bootstrap.ts';
import { clusteredStderr } from './clustered-stderr.ts';
import { byCluster } from './clusters.ts';
import { percentile } from './median.ts';
import { mean } from './moments.ts';
import { stderr } from './stderr.ts';
import { tQuantile } from './t-quantile.ts';

export interface Interval {
  lower: number;
  upper: number;
}

export interface IntervalOptions extends BootstrapOptions {
  /** Between 0 and 1. */
  level?: number;
  method?: 't' | 'bootstrap';
}

export function confidenceInterval(values: readonly number[], options: IntervalOptions = {}): Interval | null {
  const { level = 0.95, method = 't', clusters } = options;
  if (!(level > 0 && level < 1)) throw new AppError('invalid', `a confidence level lies between 0 and 1, not at ${level}`);
  const m = mean(values);
  if (m === null) return null;
  const units = clusters ? byCluster(values, clusters).size : values.length;
  if (units < 2) return { lower: m, upper: m };
  if (method === 'bootstrap') {
    const means = bootstrap(values, mean, options);
    return { lower: percentile(means, (1 - level) / 2) ?? m, upper: percentile(means, (1 + level) / 2) ?? m };
  }
  const error = (clusters ? clusteredStderr(values, clusters) : stderr(values))!;
  const half = tQuantile((1 + level) / 2, units - 1) * error;
  return { lower: m - half, upper: m + half };
}
