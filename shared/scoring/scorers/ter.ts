/**
 * `ter`: sacrebleu's `sentence_ter`, edits in percent of the target's words: lower is better. Of several targets the least edits count,
 * against their mean length. `text/ter.ts` has the formula.
 */
import { z } from 'zod';
import type { ScorerKind } from '../scorer.ts';
import { TERCOM, terStatistics, terValue } from '../text/ter.ts';

const args = z.strictObject({
  normalized: z.boolean().default(TERCOM.normalized).describe('Marks are words of their own'),
  no_punct: z.boolean().default(TERCOM.no_punct).describe('The marks . , ? : ; ! " ( ) are taken out'),
  case_sensitive: z.boolean().default(TERCOM.case_sensitive).describe('Case matters'),
});

export const ter: ScorerKind<z.infer<typeof args>> = {
  args,
  hasNoAnswer: true,
  lessIsBetter: true,
  create: (options) => (output, targets) => {
    const statistics = terStatistics(output, targets, options);
    return { value: terValue(statistics), corpus: { metric: 'ter', statistics } };
  },
};
