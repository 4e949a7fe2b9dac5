/**
 * `model_graded_qa` and `model_graded_fact`: another model judges the answer. Arguments, choice of the judges and the reading of their grade
 * are those of Inspect's scorers of these names; the wording is our own. Here are only the arguments: each judge's calls are units of a group
 * of their own (`shared/domain/spec-judges.ts`), and what such a unit is scored with is the scorer `grade`.
 */
import { z } from 'zod';
import { AppError } from '../../domain/errors.ts';
import type { ScorerKind } from '../scorer.ts';

/** Judges of one scorer: each costs a call for every sample. */
const MAX_JUDGES = 10;
const MAX_TEXT_CHARS = 100_000;

const model = z.string().min(3).max(200);
const args = z.strictObject({
  template: z
    .string()
    .min(1)
    .max(MAX_TEXT_CHARS)
    .optional()
    .describe('Liquid; what the judge is asked. Sees question, answer, criterion, instructions and metadata; by default our own'),
  instructions: z
    .string()
    .min(1)
    .max(MAX_TEXT_CHARS)
    .optional()
    .describe('How the judge has to answer; it must be told to end with GRADE: and a letter. By default our own'),
  include_history: z
    .boolean()
    .default(false)
    .describe(
      'Whether the question is the whole chat before the answer, examples included, without system messages; false: the input alone',
    ),
  partial_credit: z
    .boolean()
    .default(false)
    .describe('Whether the judge may also give P, which counts as a half; with instructions of its own it always may'),
  model: z
    .union([model, z.array(model).min(1).max(MAX_JUDGES)])
    .optional()
    .describe('The judge as provider/name, or several of which the majority decides; goes before model_role'),
  model_role: z
    .string()
    .min(1)
    .max(100)
    .default('grader')
    .describe('Which of model_roles is the judge; without that role every model judges itself'),
});
export type ModelGradedArgs = z.infer<typeof args>;

const kindOf = (name: string): ScorerKind<ModelGradedArgs> => ({
  args,
  create() {
    throw new AppError('invalid', `the scorer "${name}" asks a model, and is run as calls of their own`);
  },
});

export const modelGradedQa = kindOf('model_graded_qa');
export const modelGradedFact = kindOf('model_graded_fact');
