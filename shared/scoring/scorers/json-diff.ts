/**
 * `json_diff`: how alike output and target are as JSON, from 0 to 1; the best of several targets. Semantics of autoevals' `JSONDiff`
 * (`json/diff.ts` has the formula). An output or target that is no JSON object or list is compared as text.
 */
import { z } from 'zod';
import { jsonSimilarity } from '../json/diff.ts';
import type { ScorerKind } from '../scorer.ts';
import { bestTarget } from './best-target.ts';

const args = z.strictObject({});

export const jsonDiff: ScorerKind<z.infer<typeof args>> = {
  args,
  create: () => (output, targets) => bestTarget(output, targets, (target) => jsonSimilarity(output, target)),
};
