/**
 * ROUGE (Lin 2004), as the package rouge-score has it: words are runs of a–z and 0–9 of the lower-case text; with the stemmer, words of more
 * than three characters are stemmed.
 *
 *   rouge1, rouge2   common = n-grams in common, each as often as both texts have it
 *   rougeL           common = length of the longest common subsequence of words
 *   precision        common / n-grams (words) of the output
 *   recall           common / n-grams (words) of the target
 *   fmeasure         2 · precision · recall / (precision + recall)
 *
 * All 0 where nothing is common. Of several targets the one with the best fmeasure counts. A corpus has the mean over its samples.
 */
import { referencesOf, type CorpusMetric } from './corpus.ts';
import { commonNgrams, ngramCount } from './ngrams.ts';
import { porterStem } from './porter.ts';

export const ROUGE_TYPES = ['rouge1', 'rouge2', 'rougeL'] as const;
export const ROUGE_MEASURES = ['fmeasure', 'precision', 'recall'] as const;

export interface RougeOptions {
  type: (typeof ROUGE_TYPES)[number];
  measure: (typeof ROUGE_MEASURES)[number];
  use_stemmer: boolean;
}

type Measures = Record<RougeOptions['measure'], number>;

/** From 0 to 1. Throws for texts that are too long. */
export function rouge(output: string, targets: readonly string[], { type, measure, use_stemmer: isStemmed }: RougeOptions): number {
  const predicted = rougeWords(output, isStemmed);
  const scores = referencesOf(output, targets).map((target) => compare(predicted, rougeWords(target, isStemmed), type));
  return scores.reduce((best, score) => (score.fmeasure > best.fmeasure ? score : best))[measure];
}

export const rougeCorpus = (options: RougeOptions): CorpusMetric => ({
  statistics: (output, targets) => [rouge(output, targets, options), 1],
  value: (sum) => (sum[1] === 0 ? 0 : sum[0]! / sum[1]!),
});

export function rougeWords(text: string, isStemmed: boolean): string[] {
  const found = text.toLowerCase().match(/[a-z0-9]+/g) ?? [];
  return isStemmed ? found.map((word) => (word.length > 3 ? porterStem(word) : word)) : found;
}

function compare(predicted: readonly string[], target: readonly string[], type: RougeOptions['type']): Measures {
  const order = type === 'rouge2' ? 2 : 1;
  const common = type === 'rougeL' ? longestCommon(predicted, target) : commonNgrams(predicted, [target], order)[order - 1]!;
  const precision = common / Math.max(1, ngramCount(predicted.length, order));
  const recall = common / Math.max(1, ngramCount(target.length, order));
  return { precision, recall, fmeasure: common === 0 ? 0 : (2 * precision * recall) / (precision + recall) };
}

/** Cells of the table, about a second of work. */
const MAX_CELLS = 5e8;

/** The length of the longest common subsequence. */
function longestCommon(a: readonly string[], b: readonly string[]): number {
  if (a.length * b.length > MAX_CELLS)
    throw new Error(`texts of ${a.length} and ${b.length} words are too long for a longest common subsequence`);
  const numbers = new Map(a.map((word, i) => [word, i]));
  const coded = Int32Array.from(a, (word) => numbers.get(word)!);
  // By place in the shorter reach of a: the longest so far that ends before it.
  const lengths = new Int32Array(a.length + 1);
  for (const word of b) {
    const number = numbers.get(word);
    if (number === undefined) continue;
    let diagonal = 0;
    for (let at = 1; at <= coded.length; at++) {
      const above = lengths[at]!;
      if (coded[at - 1] === number) lengths[at] = diagonal + 1;
      else if (lengths[at - 1]! > above) lengths[at] = lengths[at - 1]!;
      diagonal = above;
    }
  }
  return lengths[a.length]!;
}
