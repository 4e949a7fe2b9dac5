/**
 * `greedy`: whether greedy decoding would have written a right answer: each token of it is the likeliest one. lm-evaluation-harness calls it
 * `exact_match` where it has log-likelihoods (multiple choice) and `acc` where there is one text (`loglikelihood`).
 */
import { z } from 'zod';
import { likelihoodsOf } from '../likelihoods.ts';
import type { ScorerKind } from '../scorer.ts';

const args = z.strictObject({});

export const greedy: ScorerKind<z.infer<typeof args>> = {
  args,
  hasNoAnswer: true,
  create: () => (_output, _target, sample) => ({
    value: likelihoodsOf(sample).some(({ isTarget, isGreedy }) => isTarget && isGreedy) ? 'C' : 'I',
  }),
};
