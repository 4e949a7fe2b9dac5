/**
 * `quasi_prefix_exact_match`: after SQuAD's normalisation the completion starts with the target: 1, else 0. Semantics of HELM's metric of
 * this name.
 */
import { z } from 'zod';
import type { ScorerKind } from '../scorer.ts';
import { squadNormalize } from '../text/squad.ts';
import { helmMatch } from './helm-match.ts';

const args = z.strictObject({});

export const quasiPrefixExactMatch: ScorerKind<z.infer<typeof args>> = {
  args,
  create: () => helmMatch(squadNormalize, (predicted, gold) => predicted.startsWith(gold)),
};
