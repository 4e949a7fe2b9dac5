/** `helm_exact_match`: the completion is the target, but for white space around them: 1, else 0. Semantics of HELM's `exact_match`. */
import { z } from 'zod';
import type { ScorerKind } from '../scorer.ts';
import { strip } from '../python/text.ts';
import { helmMatch } from './helm-match.ts';

const args = z.strictObject({});

export const helmExactMatch: ScorerKind<z.infer<typeof args>> = {
  args,
  create: () => helmMatch(strip, (predicted, gold) => predicted === gold),
};
