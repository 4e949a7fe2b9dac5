/**
 * `bleu`: sacrebleu's `sentence_bleu`, in percent; with `weights` NLTK's, from 0 to 1. Several targets are references of one sentence, as in
 * both packages: an n-gram may stand in any of them. `text/bleu.ts` has the formula, and BLEU of a whole corpus, which is no mean of these but the metric `bleu`.
 */
import { z } from 'zod';
import type { ScorerKind } from '../scorer.ts';
import { bleuStatistics, bleuValue, nltkBleu } from '../text/bleu.ts';

const args = z.strictObject({
  tokenize: z.enum(['13a', 'none']).default('13a').describe('How words are found: as WMT does, or between white space'),
  lowercase: z.boolean().default(false).describe('Case does not matter'),
  weights: z
    .array(z.number().min(0))
    .min(1)
    .max(9)
    .optional()
    .describe("NLTK's BLEU instead: a weight for 1-grams, 2-grams, …, no smoothing, from 0 to 1; [1] is BLEU-1"),
});

export const bleu: ScorerKind<z.infer<typeof args>> = {
  args,
  hasNoAnswer: true,
  create:
    ({ weights, ...options }) =>
    (output, targets) => {
      if (weights) return { value: nltkBleu(bleuStatistics(output, targets, options, weights.length), weights) };
      const statistics = bleuStatistics(output, targets, options);
      return { value: bleuValue(statistics, { effectiveOrder: true }), corpus: { metric: 'bleu', statistics } };
    },
};
