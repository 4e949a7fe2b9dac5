/**
 * `pattern`: a regular expression in Python's syntax is searched once; its groups are the answer. No match: N (no answer).
 * A match is correct if any group is one of the targets, with `match_all` if every group that took part is. The first group that
 * is a target decides, and nothing is never right: an empty group is I even where a target is empty, too. Semantics of Inspect's
 * scorer of this name; the engine is linear (`python/regex.ts`).
 */
import { z } from 'zod';
import { AppError } from '../../domain/errors.ts';
import { compilePythonRegex } from '../python/regex.ts';
import { shortAnswer, type ScorerKind } from '../scorer.ts';

const args = z.strictObject({
  pattern: z
    .string()
    .min(1)
    .max(4000)
    .superRefine((text, context) => {
      try {
        if (compilePythonRegex(text).groups > 0) return;
        context.addIssue({ code: 'custom', message: 'has no capture group, so there is no answer to compare; put ( ) around the answer' });
      } catch (error) {
        context.addIssue({ code: 'custom', message: AppError.from(error).message });
      }
    })
    .describe("Python's syntax, with at least one group; searched once"),
  ignore_case: z.boolean().default(true).describe('Of the pattern and of the comparison'),
  match_all: z.boolean().default(false).describe('Every group that took part must equal a target'),
});

export const pattern: ScorerKind<z.infer<typeof args>> = {
  args,
  create({ pattern: source, ignore_case: ignoreCase, match_all: matchAll }) {
    const regex = compilePythonRegex(source, { ignoreCase });
    const fold = (text: string): string => (ignoreCase ? text.toLowerCase() : text);
    return (output, targets) => {
      const groups = regex.search(output);
      if (groups === undefined) return { value: 'N', explanation: 'the pattern is not in the output' };
      const wanted = new Set(targets.map(fold));
      const captured = groups.filter((group) => group !== undefined);
      const right = captured.filter((group) => wanted.has(fold(group)));
      const correct = matchAll
        ? captured.length > 0 && right.length === captured.length && targets.join('') !== ''
        : (right[0] ?? '') !== '';
      const answer = matchAll ? captured.join(', ') : (right[0] ?? (groups.length === 1 ? captured[0] : undefined));
      return { value: correct ? 'C' : 'I', ...(answer === undefined ? {} : { answer: shortAnswer(answer) }) };
    };
  },
};
