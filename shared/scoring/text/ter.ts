/**
 * Translation edit rate (Snover et al. 2006): edits that make a reference of the output / words of the reference. An edit inserts, deletes
 * or replaces a word, or moves a run of words. Lower is better; it can be above 100.
 *
 * Sums over the corpus, in percent, as in sacrebleu (`ter-edits.ts` has the search). Of several references the least edits count and the
 * mean of the lengths. A reference without words: 100 if the output has some, else 0.
 */
import { referencesOf, type CorpusMetric, type Statistics } from './corpus.ts';
import { tokenizeTercom, type TercomOptions } from './mt-tokenizers.ts';
import { editsWithShifts } from './ter-edits.ts';

export const TERCOM: TercomOptions = { normalized: false, no_punct: false, case_sensitive: false };

/** Edits, and words of the references on average. Throws for texts that are too long. */
export function terStatistics(output: string, targets: readonly string[], options: TercomOptions): Statistics {
  const references = referencesOf(output, targets).map((target) => tokenizeTercom(target, options));
  const tokens = tokenizeTercom(output, options);
  const edits = references.map((reference) => editsWithShifts(tokens, reference));
  const lengths = references.reduce((sum, reference) => sum + reference.length, 0);
  return [edits.reduce((least, count) => Math.min(least, count)), lengths / references.length];
}

/** In percent. */
export function terValue(sum: Statistics): number {
  const [edits, length] = [sum[0]!, sum[1]!];
  if (length > 0) return (100 * edits) / length;
  return edits > 0 ? 100 : 0;
}

export const terCorpus = (options: TercomOptions = TERCOM): CorpusMetric => ({
  statistics: (output, targets) => terStatistics(output, targets, options),
  value: terValue,
});
