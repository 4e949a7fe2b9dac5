/**
 * The standard error of groups' weighed mean from their own:
 *
 *   √( Σ (nⱼ − 1) · seⱼ² · nⱼ / (Σ nⱼ − J) / Σ nⱼ ) for J groups
 *
 * The pooled variance (seⱼ² nⱼ is a group's variance), as lm-evaluation-harness computes it. Null without groups, 0 where each has one
 * value.
 */
import { AppError } from '../../domain/errors.ts';
import { sum } from './moments.ts';

export function pooledStderr(stderrs: readonly number[], sizes: readonly number[]): number | null {
  if (stderrs.length !== sizes.length) throw new AppError('invalid', `there are ${stderrs.length} groups, but ${sizes.length} sizes`);
  const total = sum(sizes);
  if (total === 0) return null;
  const free = total - sizes.length;
  if (free <= 0) return 0;
  const squares = sum(stderrs.map((error, i) => (sizes[i]! - 1) * error ** 2 * sizes[i]!));
  return Math.sqrt(squares / free / total);
}
