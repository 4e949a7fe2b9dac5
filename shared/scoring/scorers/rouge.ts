/** `rouge`: ROUGE of output and target, from 0 to 1, as the package rouge-score has it. `text/rouge.ts` has the formulas. */
import { z } from 'zod';
import type { ScorerKind } from '../scorer.ts';
import { rouge as rougeOf, ROUGE_MEASURES, ROUGE_TYPES } from '../text/rouge.ts';

const args = z.strictObject({
  type: z.enum(ROUGE_TYPES).default('rougeL').describe('Common words, common pairs of words, or the longest common subsequence'),
  measure: z.enum(ROUGE_MEASURES).default('fmeasure').describe('Which number is the value'),
  use_stemmer: z.boolean().default(false).describe('Words of more than three letters lose their endings (Porter)'),
});

export const rouge: ScorerKind<z.infer<typeof args>> = {
  args,
  hasNoAnswer: true,
  create: (options) => (output, targets) => ({ value: rougeOf(output, targets, options) }),
};
