/**
 * `exact_match`: completion and target are the same text, after what is to be ignored has been taken out of both: 1, else 0. Semantics of
 * lm-evaluation-harness's metric of this name, in its order: the regular expressions one after the other, case, the 32 ASCII punctuation
 * marks, the ASCII digits. White space counts: its tasks trim in their filters.
 */
import { z } from 'zod';
import { regexArg } from '../python/regex-arg.ts';
import { compilePythonRegex } from '../python/regex.ts';
import type { ScorerKind } from '../scorer.ts';
import { withoutPunctuation } from '../text/squad.ts';
import { bestTarget } from './best-target.ts';

const args = z.strictObject({
  ignore_case: z.boolean().default(false).describe('Both are compared in lower case'),
  ignore_punctuation: z.boolean().default(false).describe('ASCII punctuation marks are taken out'),
  ignore_numbers: z.boolean().default(false).describe('ASCII digits are taken out'),
  regexes_to_ignore: z.array(regexArg).max(100).default([]).describe("Python's syntax; all that they match is taken out, in their order"),
});

export const exactMatch: ScorerKind<z.infer<typeof args>> = {
  args,
  create({ ignore_case: ignoreCase, ignore_punctuation: ignorePunctuation, ignore_numbers: ignoreNumbers, regexes_to_ignore: sources }) {
    const regexes = sources.map((source) => compilePythonRegex(source));
    const clean = (text: string): string => {
      let left = regexes.reduce((rest, each) => each.remove(rest), text);
      if (ignoreCase) left = left.toLowerCase();
      if (ignorePunctuation) left = withoutPunctuation(left);
      return ignoreNumbers ? left.replace(/[0-9]/g, '') : left;
    };
    return (output, targets) => {
      const cleaned = clean(output);
      // What it was given, as lm-evaluation-harness logs it: votes among answers are held before anything is ignored.
      return bestTarget(output, targets, (target) => (clean(target) === cleaned ? 1 : 0));
    };
  },
};
