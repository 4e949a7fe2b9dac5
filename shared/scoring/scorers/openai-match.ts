/**
 * `openai_match`: the completion starts with a target. Case and white space count: " Paris" does not match "Paris", "Parisian" does.
 * Semantics of OpenAI evals' `Match`.
 */
import { z } from 'zod';
import { anyTarget, type ScorerKind } from '../scorer.ts';

const args = z.strictObject({});

export const openaiMatch: ScorerKind<z.infer<typeof args>> = {
  args,
  create: () => (output, targets) => anyTarget(targets, (target) => ({ answer: output, matched: output.startsWith(target) })),
};
