/**
 * The standard error of the mean: std / √n with n − 1 in the std (Miller 2024, "Adding Error Bars to Evals", arXiv:2411.00640, §2.1).
 * 0 for n = 1, null for n = 0.
 */
import { std } from './moments.ts';

export function stderr(values: readonly number[]): number | null {
  const deviation = std(values);
  return deviation === null ? null : deviation / Math.sqrt(values.length);
}
