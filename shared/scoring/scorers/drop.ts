/**
 * `drop`: DROP's F1 or exact match, the greatest over the targets that are not blank. Semantics of lm-evaluation-harness's task `drop`;
 * simple-evals has the same formula times 100. `text/drop.ts` has it.
 */
import { z } from 'zod';
import { strip } from '../python/text.ts';
import type { ScorerKind } from '../scorer.ts';
import { dropScore } from '../text/drop.ts';
import { bestTarget } from './best-target.ts';

const separator = z.string().min(1).max(100).optional();
const args = z.strictObject({
  metric: z.enum(['f1', 'em']).default('f1').describe('F1 of the words of paired spans, or whether the spans are the same'),
  target_separator: separator.describe('What stands between the spans of a target that has several; by default a target is one span'),
  output_separator: separator.describe('What stands between the spans of a completion; by default a completion is one span'),
});

export const drop: ScorerKind<z.infer<typeof args>> = {
  args,
  create:
    ({ metric, target_separator: ofTarget, output_separator: ofOutput }) =>
    (output, targets) => {
      const predicted = spans(output, ofOutput);
      return bestTarget(output, targets, (target) => {
        const gold = spans(target, ofTarget);
        return strip(gold[0]!) === '' ? 0 : dropScore(predicted, gold)[metric];
      });
    },
};

const spans = (text: string, separator: string | undefined): string[] => (separator === undefined ? [text] : text.split(separator));
