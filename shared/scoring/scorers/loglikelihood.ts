/**
 * `loglikelihood`: Σ ln p of the text's tokens, with the words and bytes by which the metrics `word_perplexity`, `byte_perplexity` and
 * `bits_per_byte` divide its sums. As lm-evaluation-harness counts them: the pieces between runs of white space (Python's
 * `re.split(r"\s+", text)`, so that white space at an end makes an empty one more), and bytes in UTF-8.
 */
import { z } from 'zod';
import { likelihoodsOf } from '../likelihoods.ts';
import { SPACES } from '../python/text.ts';
import type { ScorerKind } from '../scorer.ts';

const args = z.strictObject({
  count: z
    .enum(['target', 'input'])
    .default('target')
    .describe('Whose words and bytes are counted: of the text that is rated, or of the input where that is the original document'),
});

const SPACE_RUN = new RegExp(`[${SPACES}]+`, 'gu');

export function wordsOf(text: string): number {
  let words = 1;
  for (const _run of text.matchAll(SPACE_RUN)) words++;
  return words;
}

export const loglikelihood: ScorerKind<z.infer<typeof args>> = {
  args,
  hasNoAnswer: true,
  create:
    ({ count }) =>
    (_output, _target, sample) => {
      const { text, logLikelihood } = likelihoodsOf(sample)[0]!;
      const counted = count === 'input' ? (sample?.inputText ?? text) : text;
      return { value: logLikelihood, counts: { words: wordsOf(counted), bytes: Buffer.byteLength(counted) } };
    },
};
