/**
 * `acc` of lm-evaluation-harness, by log-likelihoods. Of several texts: whether the likeliest is right,
 *
 *   argmaxⱼ llⱼ is a target
 *
 * the first of equals. Of one text (the solver `loglikelihood`): whether it is what greedy decoding would have written.
 */
import { z } from 'zod';
import { likeliest, likelihoodsOf } from '../likelihoods.ts';
import { shortAnswer, type ScorerKind } from '../scorer.ts';

const args = z.strictObject({});

export const acc: ScorerKind<z.infer<typeof args>> = {
  args,
  create: () => (_output, _target, sample) => {
    const likelihoods = likelihoodsOf(sample);
    if (likelihoods.length === 1) return { value: likelihoods[0]!.isGreedy ? 'C' : 'I' };
    const best = likeliest(likelihoods, ({ logLikelihood }) => logLikelihood);
    return best ? { value: best.isTarget ? 'C' : 'I', answer: shortAnswer(best.text) } : { value: 'I' };
  },
};
