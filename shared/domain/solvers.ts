/** All solvers by name: how an answer is got from a model. `{name, args}` travels; the agent runs them. */
import { z } from 'zod';
import { teamUrl } from '../scoring/scorers/remote.ts';

/** Characters of a template, as of all texts that a spec holds. */
const template = z.string().max(1_000_000);

const multipleChoiceArgs = z.strictObject({
  template: template
    .optional()
    .describe('Liquid instead of the built-in text; sees question, choices, letters and options beside what every template sees'),
  cot: z.boolean().default(false).describe('Whether the model is asked to reason before it answers'),
  multiple_correct: z.boolean().default(false).describe('Whether several choices may be right: ANSWER: A,C'),
  shuffle: z
    .int()
    .optional()
    .describe('A seed by which the choices of each sample are put in another order, its target with them; by default they stay'),
});
export type MultipleChoiceArgs = z.infer<typeof multipleChoiceArgs>;

const httpArgs = z.strictObject({
  url: teamUrl,
  args: z.record(z.string(), z.unknown()).default({}).describe('Sent along with each sample'),
  timeout: z.number().positive().max(86_400).default(600).describe('Seconds for one sample'),
});
export type HttpSolverArgs = z.infer<typeof httpArgs>;

/** Text in front of an empty prompt, such as <|endoftext|>: a first token has no probability where a server puts nothing before it. */
const prefix = z
  .string()
  .min(1)
  .max(200)
  .optional()
  .describe('Text in front of a prompt that is empty, such as <|endoftext|>; by default nothing');

const choiceArgs = z.strictObject({
  continuations: z
    .enum(['choices', 'letters'])
    .default('choices')
    .describe('What is rated: the text of each choice, or its letter A, B, …'),
  target: z
    .enum(['text', 'index', 'letter'])
    .optional()
    .describe(
      'How the target names the right choice: its text, its place from 0, its letter. By default whichever it is; a fault where it may be two',
    ),
  prefix,
});
export type LikelihoodChoiceArgs = z.infer<typeof choiceArgs>;

const rollingArgs = z.strictObject({
  prefix,
  max_characters: z
    .int()
    .min(100)
    .max(10_000_000)
    .default(6000)
    .describe('Of one call; a longer text is rated in windows, each but the first after the last word of the one before it'),
});
export type RollingArgs = z.infer<typeof rollingArgs>;

const KINDS: Readonly<Record<string, z.ZodType<Record<string, unknown>>>> = {
  generate: z.strictObject({}),
  multiple_choice: multipleChoiceArgs,
  http: httpArgs,
  loglikelihood_choice: choiceArgs,
  loglikelihood: z.strictObject({ prefix }),
  loglikelihood_rolling: rollingArgs,
};

/** Solvers that ask how likely texts are, and generate none. */
export const isLikelihoodSolver = (name: string): boolean => name.startsWith('loglikelihood');

export const solverNames = (): string[] => Object.keys(KINDS);

/** The zod schema of a solver's arguments, or undefined for a name that is no solver. */
export const solverArgs = (name: string): z.ZodType<Record<string, unknown>> | undefined =>
  Object.hasOwn(KINDS, name) ? KINDS[name] : undefined;
