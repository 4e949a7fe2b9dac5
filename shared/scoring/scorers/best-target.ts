/** For scorers that give a number: the target that fits best decides. */
import { shortAnswer, type Verdict } from '../scorer.ts';

/** The greatest score over the targets, 0 without any. */
export function bestTarget(answer: string, targets: readonly string[], score: (target: string) => number): Verdict {
  let best = 0;
  for (const target of targets) best = Math.max(best, score(target));
  return { value: best, answer: shortAnswer(answer) };
}
