/** `prefix_exact_match`: the completion starts with the target: 1, else 0. Case counts. Semantics of HELM's metric of this name. */
import { z } from 'zod';
import type { ScorerKind } from '../scorer.ts';
import { strip } from '../python/text.ts';
import { helmMatch } from './helm-match.ts';

const args = z.strictObject({});

export const prefixExactMatch: ScorerKind<z.infer<typeof args>> = {
  args,
  create: () => helmMatch(strip, (predicted, gold) => predicted.startsWith(gold)),
};
