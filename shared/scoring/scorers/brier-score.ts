/**
 * `brier_score` of lm-evaluation-harness (Brier 1950), of the choices' log-likelihoods made chances: 0 is best, 2 the worst.
 *
 *   Σⱼ (pⱼ − [j is right])²   p = softmax(ll)
 *
 * Its mean over samples is the benchmark's. Of several right choices the first one is meant.
 */
import { z } from 'zod';
import { likelihoodsOf } from '../likelihoods.ts';
import type { ScorerKind } from '../scorer.ts';
import { brier } from '../statistics/brier.ts';
import { softmax } from '../statistics/softmax.ts';

const args = z.strictObject({});

export const brierScore: ScorerKind<z.infer<typeof args>> = {
  args,
  hasNoAnswer: true,
  lessIsBetter: true,
  create: () => (_output, _target, sample) => {
    const likelihoods = likelihoodsOf(sample);
    const chances = softmax(likelihoods.map(({ logLikelihood }) => logLikelihood));
    return {
      value: brier(
        chances,
        likelihoods.findIndex(({ isTarget }) => isTarget),
      ),
    };
  },
};
