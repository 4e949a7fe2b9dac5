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
});
export type MultipleChoiceArgs = z.infer<typeof multipleChoiceArgs>;

const httpArgs = z.strictObject({
  url: teamUrl,
  args: z.record(z.string(), z.unknown()).default({}).describe('Sent along with each sample'),
  timeout: z.number().positive().max(86_400).default(600).describe('Seconds for one sample'),
});
export type HttpSolverArgs = z.infer<typeof httpArgs>;

const KINDS: Readonly<Record<string, z.ZodType<Record<string, unknown>>>> = {
  generate: z.strictObject({}),
  multiple_choice: multipleChoiceArgs,
  http: httpArgs,
};

export const solverNames = (): string[] => Object.keys(KINDS);

/** The zod schema of a solver's arguments, or undefined for a name that is no solver. */
export const solverArgs = (name: string): z.ZodType<Record<string, unknown>> | undefined =>
  Object.hasOwn(KINDS, name) ? KINDS[name] : undefined;
