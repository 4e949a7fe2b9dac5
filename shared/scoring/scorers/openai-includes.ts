/**
 * `openai_includes`: the completion contains a target; an empty target is in every completion. Semantics of OpenAI evals' `Includes`. Unlike
 * `includes` it minds case by default, and otherwise compares in lower case, which is less than case folding: ß is not ss.
 */
import { z } from 'zod';
import { anyTarget, type ScorerKind } from '../scorer.ts';

const args = z.strictObject({ ignore_case: z.boolean().default(false).describe('Both are compared in lower case') });

export const openaiIncludes: ScorerKind<z.infer<typeof args>> = {
  args,
  create({ ignore_case: ignoreCase }) {
    const fold = (text: string): string => (ignoreCase ? text.toLowerCase() : text);
    return (output, targets) => {
      const folded = fold(output);
      return anyTarget(targets, (target) => ({ answer: output, matched: folded.includes(fold(target)) }));
    };
  },
};
