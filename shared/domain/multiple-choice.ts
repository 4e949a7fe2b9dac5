/** The solver `multiple_choice`: a question with lettered choices, answered by a line `ANSWER: $LETTER`. */
import { letterOf, targetLetters } from '../scoring/scorers/answer-letters.ts';
import { AppError } from './errors.ts';
import { inPlace, type LineRecord } from './record-fields.ts';
import type { Sample } from './sample-mapping.ts';
import type { MultipleChoiceArgs } from './solvers.ts';
import { compileTemplate } from './template.ts';

const QUESTION = '{{ question }}\n\n{{ options }}';
const ONE = "'ANSWER: $LETTER', where $LETTER is one of {{ letters | join: ', ' }}";
const SEVERAL = "'ANSWER: $LETTERS', where $LETTERS are one or more of {{ letters | join: ', ' }}, with commas between them";
const textOf = (task: string, reply: string): string => `${task} ${reply}.\n\n${QUESTION}`;

/** By default; which one depends on `cot` and `multiple_correct`. */
const TEMPLATES = {
  one: textOf('Choose the right answer to the question. Reply with nothing but one line of the form', ONE),
  several: textOf('Choose all right answers to the question; there may be several. Reply with nothing but one line of the form', SEVERAL),
  oneByReasoning: textOf('Choose the right answer to the question. Think step by step first, and end with a line of the form', ONE),
  severalByReasoning: textOf(
    'Choose all right answers to the question; there may be several. Think step by step first, and end with a line of the form',
    SEVERAL,
  ),
};

/** The user's text of a question, and the answer of an example. Both throw AppError invalid when the sample lacks what they need. */
export interface MultipleChoice {
  ask(question: string, sample: Sample, variables: LineRecord): string;
  answer(sample: Sample): string;
}

/** `checksTarget`: a scorer compares letters, so that a target without one is a fault before anything runs. */
export function compileMultipleChoice(args: Partial<MultipleChoiceArgs>, checksTarget: boolean): MultipleChoice {
  const { cot = false, multiple_correct: several = false } = args;
  const own = several ? (cot ? TEMPLATES.severalByReasoning : TEMPLATES.several) : cot ? TEMPLATES.oneByReasoning : TEMPLATES.one;
  const template = inPlace('solver.args.template', () => compileTemplate(args.template ?? own));
  return {
    ask(question, sample, variables) {
      const { choices } = sample;
      if (!choices || choices.length === 0)
        throw new AppError('invalid', 'has no choices, which the solver multiple_choice needs; name their field in dataset.fields.choices');
      const letters = lettersOf(choices);
      if (checksTarget) checkTarget(sample.target, letters);
      const options = choices.map((choice, place) => `${letters[place]}) ${choice}`).join('\n');
      return inPlace('solver.args.template', () => template.render({ ...variables, question, choices, letters, options }));
    },
    answer({ target, choices = [] }) {
      // As the scorer `choice` reads a target: all of its letters are right together, not any of them.
      const letters = checksTarget || several ? targetLetters(target.join(''), lettersOf(choices)) : undefined;
      return `ANSWER: ${letters?.join(',') ?? target[0]}`;
    },
  };
}

const lettersOf = (choices: readonly string[]): string[] => choices.map((_, place) => letterOf(place));

function checkTarget(target: readonly string[], letters: readonly string[]): void {
  if (targetLetters(target.join(''), letters)) return;
  throw new AppError(
    'invalid',
    `has the target ${JSON.stringify(target.join('').slice(0, 60))}, which names no choice; there are ${letters.slice(0, 30).join(', ')} (dataset.target_template can make a letter of it)`,
  );
}
