/**
 * The mean of groups' means: weighed by their sizes, Σ nⱼ mⱼ / Σ nⱼ (the mean of all samples), or each alike (macro), Σ mⱼ / J. As
 * lm-evaluation-harness aggregates subtasks. Null where there is nothing to weigh.
 */
import { AppError } from '../../domain/errors.ts';
import { mean, sum } from './moments.ts';

export function groupMean(means: readonly number[], sizes: readonly number[], weightBySize = true): number | null {
  if (means.length !== sizes.length) throw new AppError('invalid', `there are ${means.length} groups, but ${sizes.length} sizes`);
  if (!weightBySize) return mean(means);
  const total = sum(sizes);
  return total === 0 ? null : sum(means.map((value, i) => value * sizes[i]!)) / total;
}
