/**
 * `grade`: the grade that a judge's completion ends with, `GRADE: C`, `I` or, with partial credit, `P`. What the calls of `model_graded_qa` and
 * `model_graded_fact` are scored with; by itself it reads once more what a judge has said. Without a grade the unit is unscored.
 */
import { z } from 'zod';
import { judgeVerdict } from '../judges/grade.ts';
import type { ScorerKind } from '../scorer.ts';

const args = z.strictObject({
  partial_credit: z.boolean().default(false).describe('Whether P is a grade, which counts as a half'),
});

export const grade: ScorerKind<z.infer<typeof args>> = {
  args,
  hasNoAnswer: true,
  create:
    ({ partial_credit: partialCredit }) =>
    (output) =>
      judgeVerdict(output, undefined, { partialCredit }),
};
