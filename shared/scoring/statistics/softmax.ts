/** exp(xᵢ) / Σ exp(xⱼ), from the largest one down, which does not overflow: log-likelihoods of choices as chances. */
import { sum } from './moments.ts';

export function softmax(logits: readonly number[]): number[] {
  const most = logits.reduce((a, b) => Math.max(a, b), -Infinity);
  const weights = logits.map((x) => Math.exp(x - most));
  const total = sum(weights);
  return weights.map((weight) => weight / total);
}
