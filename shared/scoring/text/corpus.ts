/**
 * Metrics whose value for a corpus is no mean over its samples, such as BLEU. Each sample gives a row of numbers, its sufficient
 * statistics; rows add up, and the value comes from the sum. So a corpus can stream by, and parts of it can be added up apart.
 */

export type Statistics = readonly number[];

/** What one answer adds to the value of a corpus, as its verdict carries it. */
export interface CorpusRow {
  metric: 'bleu' | 'chrf' | 'ter';
  statistics: Statistics;
  /** Of chrF: how many times as much as precision recall counts. Absent: 2. */
  beta?: number | undefined;
}

export interface CorpusMetric {
  /** What a sample adds. Throws when it cannot be judged. */
  statistics(output: string, targets: readonly string[]): Statistics;
  /** The value of what was added up. */
  value(sum: Statistics): number;
}

/** Both rows are of one metric with the same arguments. */
export const addStatistics = (a: Statistics, b: Statistics): Statistics => a.map((number, i) => number + b[i]!);

/** The value over all samples, in their order; null without any. */
export function corpusValue(metric: CorpusMetric, samples: Iterable<{ output: string; targets: readonly string[] }>): number | null {
  let sum: Statistics | undefined;
  for (const { output, targets } of samples) {
    const row = metric.statistics(output, targets);
    sum = sum ? addStatistics(sum, row) : row;
  }
  return sum ? metric.value(sum) : null;
}

/** Longer texts would hold up the process, and all its other samples, for seconds. */
export const MAX_CHARS = 1_000_000;

/** The texts that an output is compared with. Empty ones stand for none, as in sacrebleu, unless there is no other. Throws for long texts. */
export function referencesOf(output: string, targets: readonly string[]): readonly string[] {
  for (const text of [output, ...targets])
    if (text.length > MAX_CHARS) throw new Error(`a text of ${text.length} characters is too long to compare; ${MAX_CHARS} are the most`);
  const references = targets.filter((target) => target !== '');
  return references.length > 0 ? references : [''];
}
