/**
 * Mean, variance and standard deviation of a sample. Sums run in the order of the values, so that equal values give equal bits.
 *
 *   mean      m = Σ v / n
 *   variance  Σ (v − m)² / (n − 1), Bessel's correction; 0 for n = 1
 *   std       √variance
 *
 * Null for n = 0: there is nothing to say.
 */

export const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

export const mean = (values: readonly number[]): number | null => (values.length === 0 ? null : sum(values) / values.length);

export function variance(values: readonly number[]): number | null {
  const m = mean(values);
  if (m === null) return null;
  return values.length === 1 ? 0 : sum(values.map((value) => (value - m) ** 2)) / (values.length - 1);
}

export function std(values: readonly number[]): number | null {
  const squared = variance(values);
  return squared === null ? null : Math.sqrt(squared);
}
