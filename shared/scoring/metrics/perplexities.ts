/**
 * Perplexities: of log-likelihoods (the scorer `loglikelihood`), as lm-evaluation-harness adds them up; for scores of any other kind there are none.
 *
 *   perplexity       exp(−Σ ll / n)
 *   word_perplexity  exp(−Σ ll / Σ words)
 *   byte_perplexity  exp(−Σ ll / Σ bytes)
 *   bits_per_byte    −Σ ll / Σ bytes / ln 2
 */
import { z } from 'zod';
import type { MetricKind } from './metric.ts';

interface Sums {
  n: number;
  loglikelihood: number;
  words: number;
  bytes: number;
}

const lossPer = ({ loglikelihood }: Sums, count: number): number => -loglikelihood / count;
const OF_SUMS = {
  perplexity: (sums: Sums) => Math.exp(lossPer(sums, sums.n)),
  word_perplexity: (sums: Sums) => Math.exp(lossPer(sums, sums.words)),
  byte_perplexity: (sums: Sums) => Math.exp(lossPer(sums, sums.bytes)),
  bits_per_byte: (sums: Sums) => lossPer(sums, sums.bytes) / Math.LN2,
};
type PerplexityName = keyof typeof OF_SUMS;
export const LIKELIHOOD_METRICS = Object.keys(OF_SUMS) as PerplexityName[];

const ofSums = (name: PerplexityName): MetricKind<object> => ({
  args: z.strictObject({}),
  names: [name],
  create: () => {
    const sums: Sums = { n: 0, loglikelihood: 0, words: 0, bytes: 0 };
    return {
      add: (value, _labels, counts) => {
        if (!counts) return;
        sums.n++;
        sums.loglikelihood += value;
        sums.words += counts.words;
        sums.bytes += counts.bytes;
      },
      // No number where there is nothing to divide by, or none that is finite.
      result: () => {
        const value = OF_SUMS[name](sums);
        return { metrics: Number.isFinite(value) ? { [name]: value } : {} };
      },
    };
  },
});

export const perplexity = ofSums('perplexity');
export const wordPerplexity = ofSums('word_perplexity');
export const bytePerplexity = ofSums('byte_perplexity');
export const bitsPerByte = ofSums('bits_per_byte');
