/**
 * chrF (Popović 2015): character n-grams in common, for n = 1 … order.
 *
 *   P, R   the mean over n of: n-grams in common / n-grams of the output, and / those of the reference
 *   chrF   (1 + β²) · P · R / (β² · P + R)
 *
 * Counts are summed over the corpus before the formula. sacrebleu's defaults (chrF2: order 6, β 2, white space taken out, no smoothing), in
 * percent: only those n count of which both sides have n-grams, 0 if there are none. Of several references the one with the best sentence
 * value counts.
 */
import { words } from '../python/text.ts';
import { referencesOf, type CorpusMetric, type Statistics } from './corpus.ts';
import { commonNgrams, ngramCount } from './ngrams.ts';

export interface ChrfOptions {
  char_order: number;
  beta: number;
  whitespace: boolean;
  lowercase: boolean;
}

export const CHRF2: ChrfOptions = { char_order: 6, beta: 2, whitespace: false, lowercase: false };

/** By order: n-grams of the output (0 where the reference has none), those of the reference, those in common. */
export function chrfStatistics(output: string, targets: readonly string[], options: ChrfOptions): Statistics {
  const hypothesis = characters(output, options);
  let best: Statistics = [];
  let bestValue = -1;
  for (const target of referencesOf(output, targets)) {
    const reference = characters(target, options);
    const common = commonNgrams(hypothesis, [reference], options.char_order);
    const row = common.flatMap((count, i) => {
      const total = ngramCount(reference.length, i + 1);
      return [total > 0 ? ngramCount(hypothesis.length, i + 1) : 0, total, count];
    });
    const value = chrfValue(row, options);
    if (value <= bestValue) continue;
    best = row;
    bestValue = value;
  }
  return best;
}

/** In percent. */
export function chrfValue(sum: Statistics, { beta }: ChrfOptions): number {
  let precision = 0;
  let recall = 0;
  let orders = 0;
  for (let at = 0; at < sum.length; at += 3) {
    const [ofOutput, ofReference, common] = [sum[at]!, sum[at + 1]!, sum[at + 2]!];
    if (ofOutput === 0 || ofReference === 0) continue;
    precision += common / ofOutput;
    recall += common / ofReference;
    orders++;
  }
  if (precision + recall === 0) return 0;
  const [p, r] = [precision / orders, recall / orders];
  return (100 * ((1 + beta ** 2) * p * r)) / (beta ** 2 * p + r);
}

export const chrfCorpus = (options: ChrfOptions = CHRF2): CorpusMetric => ({
  statistics: (output, targets) => chrfStatistics(output, targets, options),
  value: (sum) => chrfValue(sum, options),
});

function characters(text: string, { whitespace, lowercase }: ChrfOptions): string[] {
  const cased = lowercase ? text.toLowerCase() : text;
  return Array.from(whitespace ? cased : [...words(cased)].join(''));
}
