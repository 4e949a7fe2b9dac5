/**
 * `f1_multiset`: F1 = 2PR/(P + R) over the words of completion and target as multisets, after SQuAD's normalisation; 0 if nothing is common.
 * The greatest over the targets. Semantics of SQuAD's official script and of OpenAI evals' `f1_score`.
 */
import { z } from 'zod';
import type { ScorerKind } from '../scorer.ts';
import { multisetF1 } from '../text/f1.ts';
import { splitWords, squadNormalize } from '../text/squad.ts';
import { bestTarget } from './best-target.ts';

const args = z.strictObject({});

export const f1Multiset: ScorerKind<z.infer<typeof args>> = {
  args,
  create: () => (output, targets) => {
    const words = wordsOf(output);
    return bestTarget(output, targets, (target) => multisetF1(words, wordsOf(target)));
  },
};

const wordsOf = (text: string): string[] => splitWords(squadNormalize(text));
