/**
 * BLEU (Papineni et al. 2002): how many n-grams of the output stand in a reference, for n = 1 … 4.
 *
 *   p(n)  n-grams in common, clipped / n-grams of the output
 *   BP    1 if the output has c ≥ r words, else exp(1 − r/c); r is the length of the reference that comes nearest, the shorter of two
 *   BLEU  BP · exp(Σ log p(n) / 4)
 *
 * All counts and lengths are summed over the corpus before the formula. sacrebleu's defaults (Post 2018, signature tok:13a|smooth:exp): in
 * percent, and where p(n) is 0 for the k-th time it is 1/(2^k · n-grams of the output); nothing in common at all is 0. A sentence alone
 * is judged by the orders that it is long enough for (`effective_order`).
 */
import { strip, words } from '../python/text.ts';
import { referencesOf, type CorpusMetric, type Statistics } from './corpus.ts';
import { tokenize13a } from './mt-tokenizers.ts';
import { commonNgrams, ngramCount } from './ngrams.ts';

export interface BleuOptions {
  tokenize: '13a' | 'none';
  lowercase: boolean;
}

export const BLEU_ORDER = 4;

/** Words of the output, words of the nearest reference, then by order the n-grams in common, then those of the output. */
export function bleuStatistics(output: string, targets: readonly string[], options: BleuOptions, order = BLEU_ORDER): Statistics {
  const references = referencesOf(output, targets).map((target) => tokenize(target, options));
  const tokens = tokenize(output, options);
  const lengths = references.map((reference) => reference.length);
  const nearest = lengths.reduce((best, length) => {
    const difference = Math.abs(length - tokens.length) - Math.abs(best - tokens.length);
    return difference < 0 || (difference === 0 && length < best) ? length : best;
  });
  const orders = Array.from({ length: order }, (_, i) => ngramCount(tokens.length, i + 1));
  return [tokens.length, nearest, ...commonNgrams(tokens, references, order), ...orders];
}

/** sacrebleu's value in percent. */
export function bleuValue(sum: Statistics, { effectiveOrder = false } = {}): number {
  const { length, reference, common, totals } = parts(sum);
  if (common.every((count) => count === 0)) return 0;
  let logs = 0;
  let orders = 0;
  let smooth = 1;
  for (const [i, total] of totals.entries()) {
    if (total === 0) break;
    if (common[i] === 0) smooth *= 2;
    logs += Math.log(common[i] === 0 ? 100 / (smooth * total) : (100 * common[i]!) / total);
    orders++;
  }
  // An order that no output is long enough for has no precision: the whole is 0.
  if (!effectiveOrder && orders < totals.length) return 0;
  return brevityPenalty(length, reference) * Math.exp(logs / orders);
}

/** The smallest normal double: what NLTK takes for a precision of 0, so that it has a logarithm. */
const NO_PRECISION = 2 ** -1022;

/** NLTK's `sentence_bleu`, from 0 to 1: BP · exp(Σ w(n) · log p(n)), without smoothing. One weight for each order of the statistics. */
export function nltkBleu(sum: Statistics, weights: readonly number[]): number {
  const { length, reference, common, totals } = parts(sum);
  if (length === 0 || common[0] === 0) return 0;
  const logs = weights.map((weight, i) => weight * Math.log(common[i] === 0 ? NO_PRECISION : common[i]! / totals[i]!));
  return brevityPenalty(length, reference) * Math.exp(logs.reduce((total, log) => total + log, 0));
}

export const bleuCorpus = (options: BleuOptions = { tokenize: '13a', lowercase: false }): CorpusMetric => ({
  statistics: (output, targets) => bleuStatistics(output, targets, options),
  value: (sum) => bleuValue(sum),
});

function tokenize(text: string, { tokenize: how, lowercase }: BleuOptions): string[] {
  const cased = lowercase ? text.toLowerCase() : text;
  // Stripped, so that a dash before the line feed that ends the text stays: it joins no lines.
  return how === '13a' ? tokenize13a(strip(cased)) : [...words(cased)];
}

function parts(sum: Statistics): { length: number; reference: number; common: Statistics; totals: Statistics } {
  const order = (sum.length - 2) / 2;
  return { length: sum[0]!, reference: sum[1]!, common: sum.slice(2, 2 + order), totals: sum.slice(2 + order) };
}

const brevityPenalty = (length: number, reference: number): number =>
  length >= reference ? 1 : length === 0 ? 0 : Math.exp(1 - reference / length);
