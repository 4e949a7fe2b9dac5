/**
 * `squad_exact`: completion and target are the same after SQuAD's normalisation: case, ASCII punctuation, the articles a, an, the and white
 * space do not matter. Semantics of the exact match of SQuAD's official script (Rajpurkar et al. 2016, arXiv:1606.05250, §6.1).
 */
import { z } from 'zod';
import { anyTarget, type ScorerKind } from '../scorer.ts';
import { squadNormalize } from '../text/squad.ts';

const args = z.strictObject({});

export const squadExact: ScorerKind<z.infer<typeof args>> = {
  args,
  create: () => (output, targets) => {
    const answer = squadNormalize(output);
    return anyTarget(targets, (target) => ({ answer, matched: squadNormalize(target) === answer }));
  },
};
