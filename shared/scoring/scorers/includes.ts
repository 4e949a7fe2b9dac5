/** `includes`: the output contains the target. An empty target is in every output. Semantics of Inspect's scorer of this name. */
import { z } from 'zod';
import { casefold } from '../python/text.ts';
import { anyTarget, type ScorerKind } from '../scorer.ts';

const args = z.strictObject({ ignore_case: z.boolean().default(true).describe('Full Unicode case folding') });

export const includes: ScorerKind<z.infer<typeof args>> = {
  args,
  create({ ignore_case: ignoreCase }) {
    const fold = ignoreCase ? casefold : (text: string): string => text;
    return (output, targets) => {
      const folded = fold(output);
      return anyTarget(targets, (target) => ({ answer: output, matched: folded.includes(fold(target)) }));
    };
  },
};
