/** What HELM's matching metrics share: white space around a completion never counts, an empty completion is 0, the best target decides. */
import { strip } from '../python/text.ts';
import type { Scorer } from '../scorer.ts';
import { bestTarget } from './best-target.ts';

/** `prepare` is done to both texts, then `matches` decides between 1 and 0. */
export const helmMatch =
  (prepare: (text: string) => string, matches: (predicted: string, gold: string) => boolean): Scorer =>
  (output, targets) => {
    const trimmed = strip(output);
    const predicted = prepare(trimmed);
    return bestTarget(trimmed, targets, (target) => (trimmed !== '' && matches(predicted, prepare(target)) ? 1 : 0));
  };
