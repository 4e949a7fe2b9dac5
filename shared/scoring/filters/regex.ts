/**
 * `regex`: the answer is one of the matches of a regular expression. Semantics of lm-evaluation-harness's filter of this name, on a linear
 * engine (`python/regex.ts`); a place that there is no match at counts as no match.
 */
import { z } from 'zod';
import { regexArg } from '../python/regex-arg.ts';
import { compilePythonRegex } from '../python/regex.ts';
import type { FilterKind } from './filter.ts';
import { groupSelectArg, INVALID, selectHit } from './hits.ts';

const args = z.strictObject({
  regex_pattern: regexArg
    .default('#### (\\-?[0-9\\.\\,]+)')
    .describe("Python's syntax. With one group that is the answer, with several the first that is not empty, with none the whole match"),
  group_select: groupSelectArg.default(0).describe('Which match: 0 is the first, -1 the last'),
  ignore_case: z.boolean().default(false).describe('Of the pattern'),
  fallback: z
    .union([z.string().max(1000), z.strictObject({ output: z.literal(true) })])
    .default(INVALID)
    .describe('What goes on where nothing matches; {output: true}: the response as it is'),
});

export const regex: FilterKind<z.infer<typeof args>> = {
  args,
  create({ regex_pattern: pattern, group_select: place, ignore_case: ignoreCase, fallback }) {
    const compiled = compilePythonRegex(pattern, { ignoreCase });
    return (responses) =>
      responses.map((response) => selectHit(compiled, response, place) ?? (typeof fallback === 'string' ? fallback : response));
  },
};
