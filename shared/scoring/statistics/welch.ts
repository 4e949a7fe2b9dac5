/**
 * A confidence interval of the difference of two means that were measured on different samples (Welch 1947):
 *
 *   d ± t · √(SE_a² + SE_b²), t the quantile (1 + level) / 2 of Student's t with
 *   df = (SE_a² + SE_b²)² / (SE_a⁴ / (n_a − 1) + SE_b⁴ / (n_b − 1))
 *
 * One value on a side, or no spread at all, says nothing: the interval is the difference.
 */
import type { Interval } from './confidence-interval.ts';
import { tQuantile } from './t-quantile.ts';

/** A mean as it was measured. */
export interface Estimate {
  mean: number;
  stderr: number;
  n: number;
}

export function welchInterval(a: Estimate, b: Estimate, level = 0.95): Interval {
  const difference = a.mean - b.mean;
  const larger = Math.max(a.stderr, b.stderr);
  if (a.n < 2 || b.n < 2 || larger === 0) return { lower: difference, upper: difference };
  // In parts of the larger one: fourth powers of small numbers would be 0.
  const [va, vb] = [(a.stderr / larger) ** 2, (b.stderr / larger) ** 2];
  const df = (va + vb) ** 2 / (va ** 2 / (a.n - 1) + vb ** 2 / (b.n - 1));
  const half = tQuantile((1 + level) / 2, df) * larger * Math.sqrt(va + vb);
  return { lower: difference - half, upper: difference + half };
}
