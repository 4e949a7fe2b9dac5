/**
 * `gpqa_letter`: the first `Answer: X` with X of A to D names the target's letter: 1, else 0. Semantics of simple-evals' GPQA: the word may be in
 * any case, the letter is compared as it stands. Nothing is cleaned before, so that `Answer: **A**` is missed.
 */
import { z } from 'zod';
import type { ScorerKind } from '../scorer.ts';
import { bestTarget } from './best-target.ts';

const args = z.strictObject({});

const ANSWER = /answer[ \t]*:[ \t]*\$?([A-D])/iu;

export const gpqaLetter: ScorerKind<z.infer<typeof args>> = {
  args,
  create: () => (output, targets) => {
    const letter = ANSWER.exec(output)?.[1];
    return letter === undefined
      ? { value: 0, explanation: 'no letter of A to D stands after Answer:' }
      : bestTarget(letter, targets, (target) => (target === letter ? 1 : 0));
  },
};
