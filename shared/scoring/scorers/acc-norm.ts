/**
 * `acc_norm` of lm-evaluation-harness: whether the likeliest text is right when each is weighed by its length,
 *
 *   argmaxⱼ llⱼ / characters of text j is a target
 *
 * Characters are code points (Python's `len`), without the delimiter in front; the first of equals counts.
 */
import { z } from 'zod';
import { charactersOf, likeliest, likelihoodsOf } from '../likelihoods.ts';
import { shortAnswer, type ScorerKind } from '../scorer.ts';

const args = z.strictObject({});

export const accNorm: ScorerKind<z.infer<typeof args>> = {
  args,
  create: () => (_output, _target, sample) => {
    const best = likeliest(likelihoodsOf(sample), ({ logLikelihood, text }) => logLikelihood / charactersOf(text));
    return best ? { value: best.isTarget ? 'C' : 'I', answer: shortAnswer(best.text) } : { value: 'I' };
  },
};
