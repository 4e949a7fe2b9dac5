/** Reading a remote scorer's answer: a verdict, or an error with words. Nothing is guessed: a wrong form is no wrong answer. */
import { z } from 'zod';
import { AppError } from '../../shared/domain/errors.ts';
import { shortAnswer, type Verdict } from '../../shared/scoring/scorer.ts';

/** Of an explanation, and of an error's text. */
const MAX_EXPLANATION_CHARS = 10_000;

const answerSchema = z.union([
  z.object({ error: z.string() }),
  z.object({
    value: z.union([z.enum(['C', 'I', 'P', 'N']), z.number().min(-1e100).max(1e100), z.null()]),
    answer: z.string().nullish(),
    explanation: z.string().nullish(),
  }),
]);

/** Throws AppError `failed_precondition` for an error of the scorer and for what is no answer. */
export function verdictOf(value: unknown): Verdict {
  const parsed = answerSchema.safeParse(value);
  if (!parsed.success)
    throw new AppError(
      'failed_precondition',
      'its answer is not of the right form; it must have "value" ("C", "I", "P", "N", a number or null), perhaps "answer" and "explanation" as text, or "error"',
    );
  if ('error' in parsed.data) throw new AppError('failed_precondition', parsed.data.error.slice(0, MAX_EXPLANATION_CHARS) || 'it failed');
  const { answer, explanation, value: verdict } = parsed.data;
  return {
    value: verdict,
    ...(typeof answer === 'string' ? { answer: shortAnswer(answer) } : {}),
    ...(typeof explanation === 'string' ? { explanation: explanation.slice(0, MAX_EXPLANATION_CHARS) } : {}),
  };
}
