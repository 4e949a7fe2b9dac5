/**
 * Perplexities from log-likelihoods (natural logarithms). An item is a document: the sum of its log-likelihoods, and how many units it has.
 *
 *   unit      exp(−Σ ll / Σ count): word_perplexity, byte_perplexity, perplexity per token, by what is counted
 *   bits      −Σ ll / Σ bytes / ln 2: bits_per_byte
 *   document  exp(−Σ ll / n) over n documents: lm-evaluation-harness's `perplexity`
 *   sequence  exp(Σ (−llᵢ / countᵢ) / n): Inspect's perplexity per sequence, in which long texts weigh no more than short ones
 *
 * Words and bytes are those of the original document. Null where there is nothing to divide by.
 */
import { mean, sum } from './moments.ts';

export type CountedLikelihood = readonly [logLikelihood: number, count: number];

/** −Σ ll / Σ count. */
function lossPerUnit(items: readonly CountedLikelihood[]): number | null {
  const count = sum(items.map(([, one]) => one));
  return count === 0 ? null : -sum(items.map(([ll]) => ll)) / count;
}

const exp = (loss: number | null): number | null => (loss === null ? null : Math.exp(loss));

export const unitPerplexity = (items: readonly CountedLikelihood[]): number | null => exp(lossPerUnit(items));

export function bitsPerByte(items: readonly CountedLikelihood[]): number | null {
  const loss = lossPerUnit(items);
  return loss === null ? null : loss / Math.LN2;
}

export const documentPerplexity = (logLikelihoods: readonly number[]): number | null => exp(mean(logLikelihoods.map((ll) => -ll)));

/** Sequences of no tokens are left out. */
export const sequencePerplexity = (items: readonly CountedLikelihood[]): number | null =>
  exp(mean(items.filter(([, count]) => count > 0).map(([ll, count]) => -ll / count)));
