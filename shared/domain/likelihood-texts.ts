/**
 * What the likelihood solvers rate: texts as continuations of the sample's prompt. As lm-evaluation-harness builds its requests of
 * these forms: each choice behind the delimiter, a single target as it is, a rolling text behind nothing. Pure.
 */
import { stripEnd } from '../scoring/python/text.ts';
import { letterOf } from '../scoring/scorers/answer-letters.ts';
import { AppError } from './errors.ts';
import type { Sample } from './sample-mapping.ts';
import type { LikelihoodChoiceArgs } from './solvers.ts';
import { solverOf } from './spec-defaults.ts';
import type { BenchmarkSpec } from './spec-schema.ts';

export interface RatedText {
  /** As the dataset has it, or the letter. */
  text: string;
  /** What follows the prompt. */
  continuation: string;
  isTarget: boolean;
}

/** The texts of a sample. Throws AppError invalid for what the solver cannot rate. */
export function ratedTexts(benchmark: BenchmarkSpec, sample: Sample): RatedText[] {
  const { name, args } = solverOf(benchmark);
  if (typeof sample.input !== 'string')
    throw new AppError(
      'invalid',
      `has a list of messages as its input, and the solver ${name} continues text; make it text with dataset.fields.input`,
    );
  if (name === 'loglikelihood_choice') {
    const { texts, right } = choicesOf(sample, args);
    const delimiter = benchmark.prompt.fewshot?.target_delimiter ?? ' ';
    return texts.map((text, place) => ({ text, continuation: `${delimiter}${text}`, isTarget: right.includes(place) }));
  }
  const text = sample.target[0]!;
  if (text === '') throw new AppError('invalid', `has an empty target, and the solver ${name} rates it; give it a text`);
  return [{ text, continuation: text, isTarget: true }];
}

/** The first right one: the answer of an example. */
export const rightText = (benchmark: BenchmarkSpec, sample: Sample): string =>
  ratedTexts(benchmark, sample).find(({ isTarget }) => isTarget)!.text;

/** The continuations of a sample with choices, and the places of the right ones. Throws AppError invalid. */
export function choicesOf(sample: Sample, args: Partial<LikelihoodChoiceArgs>): { texts: string[]; right: number[] } {
  const { choices = [], target } = sample;
  if (choices.length < 2)
    throw new AppError(
      'invalid',
      `has ${choices.length === 0 ? 'no choices' : 'one choice'}, and the solver loglikelihood_choice needs two or more; name their field in dataset.fields.choices`,
    );
  const empty = choices.indexOf('');
  if (empty >= 0 && args.continuations !== 'letters')
    throw new AppError('invalid', `has an empty choice (the ${empty + 1}.), which has no likelihood`);
  const letters = choices.map((_, place) => letterOf(place));
  const right = target.map((one) => placeOfTarget(one, choices, args.target));
  return { texts: args.continuations === 'letters' ? letters : [...choices], right: [...new Set(right)] };
}

/** Never a guess: a target that names two choices, one as text and another as place, is a fault. */
export function placeOfTarget(target: string, choices: readonly string[], as: LikelihoodChoiceArgs['target']): number {
  const letters = choices.map((_, at) => letterOf(at));
  const place = /^\d{1,4}$/.test(target.trim()) ? Number(target) : -1;
  const found = {
    text: choices.indexOf(target),
    index: place < choices.length ? place : -1,
    letter: letters.indexOf(target.trim()),
  };
  const places = new Set((as ? [found[as]] : Object.values(found)).filter((one) => one >= 0));
  const shown = JSON.stringify(target.slice(0, 60));
  if (places.size === 0)
    throw new AppError(
      'invalid',
      `has the target ${shown}, which names no choice${as ? ` by its ${as}` : ''}; there are ${choices.length}: give it the text, the place from 0, or the letter of one`,
    );
  if (places.size > 1)
    throw new AppError(
      'invalid',
      `has the target ${shown}, which names two choices, by text, place or letter; say which in solver.args.target`,
    );
  return [...places][0]!;
}

/** Where the prompt ends and what is rated begins: white space at the end of the prompt belongs to what follows, as tokens have it. */
export function splitPrompt(context: string, continuation: string): { context: string; continuation: string } {
  const kept = stripEnd(context);
  return { context: kept, continuation: context.slice(kept.length) + continuation };
}
