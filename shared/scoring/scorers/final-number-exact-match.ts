/**
 * `final_number_exact_match`: the last number of the completion is the last number of the target: 1, else 0. Semantics of HELM's metric of
 * this name. A number is `-?[\d,]+(?:.\d+)?` without its commas, compared as text: 33.0 is not 33. The point stands for any
 * character, so that "33 34" is one number.
 */
import { z } from 'zod';
import { strip } from '../python/text.ts';
import type { ScorerKind } from '../scorer.ts';
import { bestTarget } from './best-target.ts';

const args = z.strictObject({});

export const finalNumberExactMatch: ScorerKind<z.infer<typeof args>> = {
  args,
  create: () => (output, targets) => {
    const number = finalNumber(output);
    return number === ''
      ? { value: 0, explanation: 'there is no number in the output' }
      : bestTarget(number, targets, (target) => (finalNumber(target) === number ? 1 : 0));
  },
};

const NUMBER = /-?[\p{Nd},]+(?:[^\n]\p{Nd}+)?/gu;

/** "" if there is none. */
function finalNumber(text: string): string {
  let last = '';
  for (const [number] of text.matchAll(NUMBER)) last = number;
  return strip(last.replaceAll(',', ''));
}
