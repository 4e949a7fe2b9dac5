/**
 * How two models differ that answered different samples: the difference of the means, with the standard error √(SE_a² + SE_b²) (Miller
 * 2024, arXiv:2411.00640). Null where one of them has no values.
 */
import { mean } from './moments.ts';
import type { Difference } from './paired.ts';
import { stderr } from './stderr.ts';

export function unpairedDifference(a: readonly number[], b: readonly number[]): Difference | null {
  const [meanA, meanB] = [mean(a), mean(b)];
  if (meanA === null || meanB === null) return null;
  return { mean: meanA - meanB, stderr: Math.sqrt(stderr(a)! ** 2 + stderr(b)! ** 2) };
}
