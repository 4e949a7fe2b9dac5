/**
 * `choice`: the letters that the completion selects are exactly the target's. Semantics of Inspect's scorer of this name, for
 * completions of the solver `multiple_choice`. Nothing selected is right only where the target is empty; a target that is not offered is
 * never right.
 */
import { z } from 'zod';
import { letterOf, selectedLetters, targetLetters } from './answer-letters.ts';
import type { ScorerKind } from '../scorer.ts';

const args = z.strictObject({
  multiple_correct: z
    .boolean()
    .optional()
    .describe(
      'Whether several letters may be right; by default as the solver multiple_choice has it, and without that solver as the target has it',
    ),
});

/** Without a list of choices every letter counts as offered. */
const ALPHABET = 26;

export const choice: ScorerKind<z.infer<typeof args>> = {
  args,
  create:
    ({ multiple_correct: multiple }) =>
    (output, targets, { choices } = {}) => {
      const offered = Array.from({ length: choices?.length ?? ALPHABET }, (_, place) => letterOf(place));
      const target = targets.join('');
      const wanted = targetLetters(target, offered);
      const selected = selectedLetters(output, offered, multiple ?? (wanted?.length ?? 0) > 1);
      if (!wanted)
        return { value: 'I', ...answerOf(selected), explanation: `the target ${JSON.stringify(target.slice(0, 100))} names no choice` };
      const isRight = selected.length === wanted.length && selected.every((letter) => wanted.includes(letter));
      return {
        value: isRight ? 'C' : 'I',
        ...(selected.length > 0 ? answerOf(selected) : { explanation: 'no offered letter stands after ANSWER:' }),
      };
    },
};

const answerOf = (selected: readonly string[]): { answer?: string } => (selected.length > 0 ? { answer: selected.join(', ') } : {});
