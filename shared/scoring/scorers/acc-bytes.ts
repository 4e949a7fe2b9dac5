/**
 * `acc_bytes` of lm-evaluation-harness: as `acc_norm`, by the bytes of each text in UTF-8,
 *
 *   argmaxⱼ llⱼ / bytes of text j is a target
 */
import { z } from 'zod';
import { likeliest, likelihoodsOf } from '../likelihoods.ts';
import { shortAnswer, type ScorerKind } from '../scorer.ts';

const args = z.strictObject({});

export const accBytes: ScorerKind<z.infer<typeof args>> = {
  args,
  create: () => (_output, _target, sample) => {
    const best = likeliest(likelihoodsOf(sample), ({ logLikelihood, text }) => logLikelihood / Buffer.byteLength(text));
    return best ? { value: best.isTarget ? 'C' : 'I', answer: shortAnswer(best.text) } : { value: 'I' };
  },
};
