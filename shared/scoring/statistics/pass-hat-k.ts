/**
 * pass^k: the chance that all of k epochs succeed, drawn without repetition from n of which c do:
 *
 *   C(c, k) / C(n, k) = Π (c − i) / (n − i) for i from 0 to k − 1
 *
 * Yao et al. 2024, "τ-bench", arXiv:2406.12045. Null where n < k.
 */
export function passHatK(n: number, c: number, k: number): number | null {
  if (n < k) return null;
  let all = 1;
  for (let i = 0; i < k; i++) all *= Math.max(0, c - i) / (n - i);
  return all;
}
