/**
 * pass@k: the chance that at least one of k epochs succeeds, drawn without repetition from n of which c do:
 *
 *   1 − C(n − c, k) / C(n, k) = 1 − Π (1 − k / i) for i from n − c + 1 to n
 *
 * Chen et al. 2021, arXiv:2107.03374, §2.1; the product does not overflow. Of several problems the mean, only where each has k epochs:
 * another k would else be averaged in.
 */
import { mean } from './moments.ts';
import type { Tries } from './within-sample.ts';

export function passAtK(n: number, c: number, k: number): number {
  if (n - c < k) return 1;
  let fails = 1;
  for (let i = n - c + 1; i <= n; i++) fails *= 1 - k / i;
  return 1 - fails;
}

/** Null without problems, or where one has fewer than k epochs. */
export const meanPassAtK = (problems: readonly Tries[], k: number): number | null =>
  problems.some(([n]) => n < k) ? null : mean(problems.map(([n, c]) => passAtK(n, c, k)));
