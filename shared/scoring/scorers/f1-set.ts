/**
 * `f1_set`: F1 = 1/(½/P + ½/R) over the words of completion and target as sets; 0 if one of them has none. The greatest over the targets.
 * Semantics of LightEval's F1 over bags of words and of HELM's `f1_score`; they differ in the normalisation:
 *
 *   none        LightEval's `f1_score`: words as they are, "The" is not "the"
 *   helm        HELM's `f1_score`: as SQuAD's
 *   lighteval   LightEval's `f1_score_quasi`: HELM's by words between spaces and hyphens, with numbers in one form after their marks are
 *               taken out ("4.50" is 450.0)
 */
import { z } from 'zod';
import type { ScorerKind } from '../scorer.ts';
import { fMeasure } from '../text/f1.ts';
import { floatText } from '../text/float-text.ts';
import { singleSpaced, splitWords, squadNormalize, withoutArticles, withoutPunctuation } from '../text/squad.ts';
import { bestTarget } from './best-target.ts';

const args = z.strictObject({
  normalization: z
    .enum(['none', 'helm', 'lighteval'])
    .default('none')
    .describe('What is done to both texts before: nothing, or what HELM or LightEval does'),
});
type Args = z.infer<typeof args>;

export const f1Set: ScorerKind<Args> = {
  args,
  create({ normalization }) {
    const wordsOf = (text: string): Set<string> => new Set(splitWords(NORMALIZATIONS[normalization](text)));
    return (output, targets) => {
      const words = wordsOf(output);
      return bestTarget(output, targets, (target) => fMeasure(words, wordsOf(target)));
    };
  },
};

const NORMALIZATIONS: Record<Args['normalization'], (text: string) => string> = {
  none: (text) => text,
  helm: squadNormalize,
  lighteval: (text) => text.split(/[ -]/).map(lightevalToken).join(' '),
};

function lightevalToken(token: string): string {
  const word = withoutPunctuation(token.toLowerCase());
  return singleSpaced(withoutArticles(floatText(word) ?? word));
}
