/**
 * McNemar's test, exact and one-sided (McNemar 1947): of the samples that exactly one of two models solves, b are the baseline's and c the
 * candidate's. Were both alike, each would be either's by the toss of a coin:
 *
 *   p = P[Bin(b + c, ½) ≥ b]
 *
 * A small p: the candidate is worse. The same sum is the sign test of b wins in b + c. 1 where the models never differ.
 */
import { tailShare } from './tail-share.ts';

export function mcnemar(baselineOnly: number, candidateOnly: number): number {
  const n = baselineOnly + candidateOnly;
  return tailShare({ low: 0, high: n, start: n >> 1, ratio: (j) => (n - j) / (j + 1) }, baselineOnly);
}
