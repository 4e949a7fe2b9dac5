/**
 * `acc_mutual_info` of lm-evaluation-harness: whether the text that the prompt makes likelier than any other is right,
 *
 *   argmaxⱼ llⱼ − ll of text j behind nothing is a target
 *
 * The first of equals counts. It takes twice the calls: each text is rated behind nothing as well, with the delimiter in front of it.
 */
import { z } from 'zod';
import { likeliest, likelihoodsOf } from '../likelihoods.ts';
import { shortAnswer, type ScorerKind } from '../scorer.ts';

const args = z.strictObject({});

export const accMutualInfo: ScorerKind<z.infer<typeof args>> = {
  args,
  create: () => (_output, _target, sample) => {
    const likelihoods = likelihoodsOf(sample);
    if (likelihoods.some(({ unconditional }) => unconditional === undefined))
      throw new Error('there are no log-likelihoods of the choices without the prompt; an evaluation with this scorer asks for them');
    const best = likeliest(likelihoods, ({ logLikelihood, unconditional }) => logLikelihood - unconditional!);
    return best ? { value: best.isTarget ? 'C' : 'I', answer: shortAnswer(best.text) } : { value: 'I' };
  },
};
