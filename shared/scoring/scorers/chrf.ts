/** `chrf`: sacrebleu's `sentence_chrf`, chrF2 by default, in percent; the best of several targets. `text/chrf.ts` has the formula. */
import { z } from 'zod';
import type { ScorerKind } from '../scorer.ts';
import { CHRF2, chrfStatistics, chrfValue } from '../text/chrf.ts';

const args = z.strictObject({
  char_order: z.int().min(1).max(10).default(CHRF2.char_order).describe('The longest n-grams, in characters'),
  beta: z.number().positive().max(100).default(CHRF2.beta).describe('How many times as much as precision recall counts'),
  whitespace: z.boolean().default(CHRF2.whitespace).describe('White space counts as a character'),
  lowercase: z.boolean().default(CHRF2.lowercase).describe('Case does not matter'),
});

export const chrf: ScorerKind<z.infer<typeof args>> = {
  args,
  hasNoAnswer: true,
  create: (options) => (output, targets) => {
    const statistics = chrfStatistics(output, targets, options);
    return { value: chrfValue(statistics, options), corpus: { metric: 'chrf', statistics, beta: options.beta } };
  },
};
