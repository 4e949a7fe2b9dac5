/**
 * `fuzzy_match`: after SQuAD's normalisation the completion contains the target or the target the completion; if one of them is then empty,
 * so must be the other. Semantics of OpenAI evals' `FuzzyMatch`.
 */
import { z } from 'zod';
import { anyTarget, type ScorerKind } from '../scorer.ts';
import { squadNormalize } from '../text/squad.ts';

const args = z.strictObject({});

export const fuzzyMatch: ScorerKind<z.infer<typeof args>> = {
  args,
  create: () => (output, targets) => {
    const answer = squadNormalize(output);
    return anyTarget(targets, (target) => ({ answer, matched: contain(answer, squadNormalize(target)) }));
  },
};

const contain = (a: string, b: string): boolean => (a === '' || b === '' ? a === b : a.includes(b) || b.includes(a));
