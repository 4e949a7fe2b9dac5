/**
 * `levenshtein`: how alike completion and target are, from 0 to 1: 1 − distance / length of the longer one, both in code points; 1 if both are
 * empty. The greatest over the targets. Semantics of autoevals' `Levenshtein`.
 */
import { z } from 'zod';
import type { ScorerKind } from '../scorer.ts';
import { length, levenshtein as distance } from '../text/levenshtein.ts';
import { bestTarget } from './best-target.ts';

const args = z.strictObject({});

export const levenshtein: ScorerKind<z.infer<typeof args>> = {
  args,
  create: () => (output, targets) =>
    bestTarget(output, targets, (target) => {
      const longer = Math.max(length(output), length(target));
      return longer === 0 ? 1 : 1 - distance(output, target) / longer;
    }),
};
