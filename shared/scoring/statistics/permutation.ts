/**
 * The paired permutation test (Fisher 1935): were two models alike, each sample's difference could as well have the other sign. p is how
 * often random signs give a sum at least as far from 0 as the true one, which counts as one of the draws (Phipson and Smyth 2010):
 *
 *   p = (hits + 1) / (permutations + 1)
 *
 * `greater` asks only whether a is above b. Drawn from a seed. Null for n = 0.
 */
import { sum } from './moments.ts';
import { PythonRandom } from './mt19937.ts';
import { differences } from './paired.ts';

export interface PermutationOptions {
  permutations?: number;
  seed?: number;
  alternative?: 'two-sided' | 'greater';
}

export function permutationTest(
  a: readonly number[],
  b: readonly number[],
  { permutations = 10_000, seed = 0, alternative = 'two-sided' }: PermutationOptions = {},
): number | null {
  const between = differences(a, b);
  if (between.length === 0) return null;
  const size = (total: number): number => (alternative === 'greater' ? total : Math.abs(total));
  // Equal sums in another order may differ in their last bits.
  const slack = 1e-12 * sum(between.map(Math.abs));
  const observed = size(sum(between)) - slack;
  const random = new PythonRandom(seed);
  let hits = 0;
  for (let i = 0; i < permutations; i++) {
    const total = between.reduce((so, d) => so + (random.random() < 0.5 ? d : -d), 0);
    if (size(total) >= observed) hits++;
  }
  return (hits + 1) / (permutations + 1);
}
