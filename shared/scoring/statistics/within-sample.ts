/**
 * The standard error of a benchmark's mean where its samples are all that there are, and only the model's answers vary: N samples, of
 * nᵢ epochs cᵢ right, pᵢ = cᵢ / nᵢ:
 *
 *   √( Σ pᵢ (1 − pᵢ) / (nᵢ − 1) ) / N
 *
 * The variance of each sample's own mean, added up. A single epoch says nothing of its spread and adds
 * nothing. Null for N = 0.
 */
import { sum } from './moments.ts';

export type Tries = readonly [epochs: number, successes: number];

export function withinSampleStderr(samples: readonly Tries[]): number | null {
  if (samples.length === 0) return null;
  const variances = samples.map(([n, c]) => (n < 2 ? 0 : ((c / n) * (1 - c / n)) / (n - 1)));
  return Math.sqrt(sum(variances)) / samples.length;
}
