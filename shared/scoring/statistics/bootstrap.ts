/**
 * The bootstrap (Efron 1979): the statistic of samples that are drawn from the values with repetition, each as large as they are. Where
 * values belong to clusters, whole clusters are drawn, as many as there are.
 *
 *   standard error  std of the replicates, n − 1
 *
 * Drawn from a seed: the same values give the same replicates.
 */
import { byCluster, type ClusterId } from './clusters.ts';
import { std } from './moments.ts';
import { PythonRandom } from './mt19937.ts';

export interface BootstrapOptions {
  resamples?: number;
  seed?: number;
  /** One for each value. */
  clusters?: readonly (ClusterId | null | undefined)[] | undefined;
}

/** The statistic of each drawn sample; none where there are no values, or where it has no value. */
export function bootstrap(
  values: readonly number[],
  statistic: (values: readonly number[]) => number | null,
  { resamples = 1000, seed = 0, clusters }: BootstrapOptions = {},
): number[] {
  const units = clusters ? [...byCluster(values, clusters).values()] : [];
  if (values.length === 0) return [];
  const random = new PythonRandom(seed);
  const replicates: number[] = [];
  for (let i = 0; i < resamples; i++) {
    const drawn = clusters ? units.flatMap(() => random.choice(units)) : values.map(() => random.choice(values));
    const replicate = statistic(drawn);
    if (replicate !== null) replicates.push(replicate);
  }
  return replicates;
}

/** The bootstrap's standard error of a statistic; 0 for one value, null for none. */
export const bootstrapStderr = (
  values: readonly number[],
  statistic: (values: readonly number[]) => number | null,
  options: BootstrapOptions = {},
): number | null => std(bootstrap(values, statistic, options));

/**
 * The means of drawn samples, one after the other, without keeping any: the same as `bootstrap` of `mean`. `sizes`: the values are sums of
 * clusters with so many values each, and whole clusters are drawn.
 */
export function* resampledMeans(
  values: readonly number[],
  { resamples = 1000, seed = 0 }: BootstrapOptions = {},
  sizes?: readonly number[],
): Generator<number> {
  if (values.length === 0) return;
  const random = new PythonRandom(seed);
  for (let i = 0; i < resamples; i++) {
    let [total, n] = [0, 0];
    for (let drawn = 0; drawn < values.length; drawn++) {
      const place = random.randbelow(values.length);
      total += values[place]!;
      n += sizes ? sizes[place]! : 1;
    }
    yield total / n;
  }
}
