/**
 * `numeric_diff`: how near two numbers are, from 0 to 1: 1 − |t − o| / (|t| + |o|) of target and output, 1 if both are 0. The greatest over the
 * targets. Semantics of autoevals' `NumericDiff`. The whole completion must be a number as Python's `float()` reads it, else it is no answer
 * (N); a filter can take the number out of a text. A target that is no number is an error.
 */
import { z } from 'zod';
import { pythonFloat } from '../python/numbers.ts';
import { strip } from '../python/text.ts';
import type { ScorerKind } from '../scorer.ts';
import { bestTarget } from './best-target.ts';

const args = z.strictObject({});

export const numericDiff: ScorerKind<z.infer<typeof args>> = {
  args,
  create: () => (output, targets) => {
    const number = pythonFloat(output);
    if (number === undefined) return { value: 'N', explanation: 'the output is no number' };
    return bestTarget(strip(output), targets, (target) => {
      const wanted = pythonFloat(target);
      if (wanted === undefined) throw new Error(`the target ${JSON.stringify(target.slice(0, 100))} is no number`);
      return nearness(wanted, number);
    });
  },
};

function nearness(target: number, output: number): number {
  // Scaled first: neither the difference nor the sum of two great numbers is infinite then.
  const scale = Math.max(Math.abs(target), Math.abs(output));
  if (scale === 0) return 1;
  const [t, o] = [target / scale, output / scale];
  return 1 - Math.abs(t - o) / (Math.abs(t) + Math.abs(o));
}
