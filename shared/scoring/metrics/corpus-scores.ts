/**
 * `bleu`, `chrf`, `ter`: sacrebleu's values of a whole corpus, as lm-evaluation-harness aggregates the metrics of these names. They are no means of
 * the sentences' values: what the scorer of the name counted in each answer is added up over all answers, epochs too, before the formula.
 */
import { z } from 'zod';
import { bleuValue } from '../text/bleu.ts';
import { CHRF2, chrfValue } from '../text/chrf.ts';
import { addStatistics, type CorpusRow, type Statistics } from '../text/corpus.ts';
import { terValue } from '../text/ter.ts';
import type { MetricKind } from './metric.ts';

const VALUES = {
  bleu: (sum: Statistics) => bleuValue(sum),
  chrf: (sum: Statistics, { beta = CHRF2.beta }: CorpusRow) => chrfValue(sum, { ...CHRF2, beta }),
  ter: (sum: Statistics) => terValue(sum),
};
type CorpusName = keyof typeof VALUES;
export const CORPUS_METRICS = Object.keys(VALUES) as CorpusName[];
export const isOfCorpus = (metric: string): metric is CorpusName => Object.hasOwn(VALUES, metric);

/** Which scorer counts for it: that of its name, unless it is NLTK's BLEU. */
export const countsFor = (metric: CorpusName, scorer: { name: string; args?: Readonly<Record<string, unknown>> }): boolean =>
  scorer.name === metric && scorer.args?.['weights'] === undefined;

const ofCorpus = (name: CorpusName): MetricKind<object> => ({
  args: z.strictObject({}),
  names: [name],
  create: () => {
    let sum: CorpusRow | undefined;
    return {
      add: (_value, _labels, _counts, said = []) => {
        for (const { corpus: row } of said)
          if (row?.metric === name) sum = sum ? { ...sum, statistics: addStatistics(sum.statistics, row.statistics) } : row;
      },
      result: () => {
        const value = sum ? VALUES[name](sum.statistics, sum) : NaN;
        return { metrics: Number.isFinite(value) ? { [name]: value } : {} };
      },
    };
  },
});

export const bleu = ofCorpus('bleu');
export const chrf = ofCorpus('chrf');
export const ter = ofCorpus('ter');
