/**
 * `math_equiv`: output and target are the same LaTeX answer, once both are written in one form. Semantics of `is_equiv` of MATH's
 * evaluation code and of lm-evaluation-harness's task `hendrycks_math` (`text/hendrycks.ts` has the rules). No algebra: 1,000 is not 1000.
 */
import { z } from 'zod';
import { anyTarget, type ScorerKind } from '../scorer.ts';
import { boxedAnswer, isEquivalent } from '../text/hendrycks.ts';

const args = z.strictObject({
  last_boxed: z
    .boolean()
    .default(false)
    .describe('The answer is what stands in the last \\boxed{} of the completion, and of a target that has one; without one: N'),
});

export const mathEquiv: ScorerKind<z.infer<typeof args>> = {
  args,
  create:
    ({ last_boxed: isBoxed }) =>
    (output, targets) => {
      const answer = isBoxed ? boxedAnswer(output) : output;
      if (answer === undefined) return { value: 'N', explanation: 'there is no \\boxed{} in the output' };
      return anyTarget(targets, (target) => ({
        answer,
        matched: isEquivalent(answer, (isBoxed ? boxedAnswer(target) : undefined) ?? target),
      }));
    },
};
