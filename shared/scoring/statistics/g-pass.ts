/**
 * G-Pass@k with a threshold τ: the chance that at least a share τ of k epochs succeed, drawn without repetition from n of which c do:
 *
 *   P[Hypergeometric(n, c, k) ≥ max(⌈k τ⌉, 1)]
 *
 * Liu et al. 2024, "Are Your LLMs Capable of Stable Reasoning?", arXiv:2412.13147. τ → 0 is pass@k, τ = 1 is pass^k. Null where n < k.
 */
import { tailShare } from './tail-share.ts';

export function gPassAtK(n: number, c: number, k: number, threshold: number): number | null {
  if (n < k) return null;
  // 100 · 0.07 is 7.000000000000001: the product of a share and a whole number that is meant to be whole.
  const needed = Math.max(Math.ceil(k * threshold - 1e-9), 1);
  const low = Math.max(0, k - (n - c));
  const high = Math.min(k, c);
  const likely = Math.floor(((k + 1) * (c + 1)) / (n + 2));
  return tailShare(
    { low, high, start: Math.min(high, Math.max(low, likely)), ratio: (j) => ((c - j) * (k - j)) / ((j + 1) * (n - c - k + j + 1)) },
    needed,
  );
}
