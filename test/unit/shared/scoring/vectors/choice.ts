/** Vectors of the scorers and the parser that came from Inspect first. */
import { createScorer } from '../../../../../shared/scoring/index.ts';
import { letterOf, selectedLetters } from '../../../../../shared/scoring/scorers/answer-letters.ts';
import type { Adapters, Vector } from './vector.ts';

const value =
  (name: string) =>
  ({ output, target, params = {} }: Vector): unknown =>
    createScorer({ name, args: params })(output as string, [target].flat() as string[]).value;

const FOUR = ['', '', '', ''];

export const ADAPTERS: Adapters = {
  match: value('match'),
  includes: value('includes'),
  exact: value('exact'),
  pattern: value('pattern'),
  multiple_choice_parse: ({ output, params = {} }) => {
    const offered = Array.from({ length: params['num_choices'] as number }, (_, i) => letterOf(i));
    return selectedLetters(output as string, offered, params['multiple_correct'] === true);
  },
  // The vector has the letters that were read; here the scorer reads them.
  choice: ({ output, target }) =>
    createScorer({ name: 'choice', args: {} })(`ANSWER: ${(output as string[]).join(', ')}`, [target as string], { choices: FOUR }).value,
};
