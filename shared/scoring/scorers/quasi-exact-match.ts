/** `quasi_exact_match`: completion and target are the same after SQuAD's normalisation: 1, else 0. Semantics of HELM's metric of this name. */
import { z } from 'zod';
import type { ScorerKind } from '../scorer.ts';
import { squadNormalize } from '../text/squad.ts';
import { helmMatch } from './helm-match.ts';

const args = z.strictObject({});

export const quasiExactMatch: ScorerKind<z.infer<typeof args>> = {
  args,
  create: () => helmMatch(squadNormalize, (predicted, gold) => predicted === gold),
};
