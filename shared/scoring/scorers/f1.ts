/**
 * `f1`: how far the words of completion and target overlap, from 0 to 1. Semantics of Inspect's scorer of this name: the words are those of
 * `exact`, as sets A and B;
 *
 *   P = |A ∩ B| / |A| (1 if A is empty)   R = |A ∩ B| / |B| (1 if B is empty)   F1 = 2PR / (P + R)
 *
 * The greatest F1 over the targets that are not blank, rounded to two decimals.
 */
import { z } from 'zod';
import { strip } from '../python/text.ts';
import type { ScorerKind } from '../scorer.ts';
import { setF1 } from '../text/f1.ts';
import { pythonRound2 } from '../text/rounding.ts';
import { bestTarget } from './best-target.ts';
import { normalizeToken } from './exact.ts';

const args = z.strictObject({
  stop_words: z.array(z.string().max(200)).max(10_000).default([]).describe('Words that count neither in the completion nor in the target'),
});

export const f1: ScorerKind<z.infer<typeof args>> = {
  args,
  create({ stop_words: stopWords }) {
    // Each as one word, a hyphen in it or not: "-5" is the number, "well-known" is "wellknown". So Inspect has it.
    const stops = new Set(stopWords.map(normalizeToken));
    // Token by token, for a stop word is compared with a token and not with the words in it.
    const wordsOf = (text: string): Set<string> => new Set(tokensOf(text).flatMap((token) => (stops.has(token) ? [] : token.split(' '))));
    return (output, targets) => {
      const words = wordsOf(output);
      const verdict = bestTarget(output, targets, (target) => (strip(target) === '' ? 0 : setF1(words, wordsOf(target))));
      return { ...verdict, value: pythonRound2(Number(verdict.value)) };
    };
  },
};

const tokensOf = (text: string): string[] =>
  text
    .split(/[ -]/)
    .map(normalizeToken)
    .filter((token) => token !== '');
