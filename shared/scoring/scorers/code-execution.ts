/**
 * `code_execution`: right if the program of prompt and completion passes the sample's tests, as in HumanEval (Chen et al. 2021,
 * openai/human-eval `execution.py`): prompt + completion, then the test, then `check(entry_point)`, each run afresh within a time limit.
 * Here are only its arguments and the program; an agent with a sandbox runs it. docs/spec.md has what differs, and why.
 */
import { z } from 'zod';
import { AppError } from '../../domain/errors.ts';
import type { ScorerKind } from '../scorer.ts';

const field = (of: string): z.ZodString => z.string().min(1).max(200).describe(`The field of the sample's metadata with ${of}`);

const args = z.strictObject({
  language: z.literal('python3').default('python3').describe('Of program and tests'),
  prompt: z
    .boolean()
    .default(true)
    .describe("Whether the program begins with the sample's input; false: the completion is the whole program"),
  test: field('the tests: text, or a list of statements').default('test'),
  entry_point: field('the name of the function that `check` of the tests is called with').default('entry_point'),
  timeout: z.number().min(0.1).max(60).default(3).describe('Seconds for one sample, from the loading of the program to the verdict'),
  memory_mb: z.int().min(64).max(16_384).default(512).describe('MiB of memory'),
});
export type CodeExecutionArgs = z.infer<typeof args>;

export const codeExecution: ScorerKind<CodeExecutionArgs> = {
  args,
  hasNoAnswer: true,
  create() {
    throw new AppError('invalid', 'the scorer "code_execution" runs only on an agent with a sandbox');
  },
};

/** What a scorer of this kind knows of a sample. */
export interface CodeSample {
  output: string;
  input: string;
  metadata: Record<string, unknown>;
}

export interface CodeText {
  program: string;
  prompt: string;
  test: string;
  entryPoint: string | undefined;
}

/** Throws AppError `invalid` that names the field which a sample lacks. Pure. */
export function codeTextOf(
  { prompt: hasPrompt, test, entry_point: entry }: CodeExecutionArgs,
  { output, input, metadata }: CodeSample,
): CodeText {
  const tests = metadata[test];
  const statements = Array.isArray(tests) && tests.every((line) => typeof line === 'string') ? tests.join('\n') : tests;
  if (typeof statements !== 'string' || statements.trim() === '')
    throw new AppError(
      'invalid',
      `the sample has no tests: its metadata has no text ${JSON.stringify(test)}; map it by dataset.fields.metadata`,
    );
  const name = metadata[entry] ?? undefined;
  if (name !== undefined && (typeof name !== 'string' || !/^[A-Za-z_]\w{0,199}$/.test(name)))
    throw new AppError('invalid', `the sample's metadata ${JSON.stringify(entry)} is no name of a function`);
  // HumanEval's tests come as a function that has to be called; statements by themselves are the other form (MBPP).
  if (name === undefined && /^def check\b/m.test(statements))
    throw new AppError(
      'invalid',
      `the sample's tests are a function \`check\`, but its metadata has no ${JSON.stringify(entry)}; map it by dataset.fields.metadata`,
    );
  const prompt = hasPrompt ? input : '';
  return { program: prompt + output, prompt, test: statements, entryPoint: name };
}
