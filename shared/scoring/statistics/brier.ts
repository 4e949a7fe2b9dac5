/**
 * The Brier score (Brier 1950), over several classes: Σ (pⱼ − [j is right])², 0 is best and 2 the worst. Of a list of samples the mean,
 * null for none. A right answer that is no class of the sample leaves all of them wrong.
 */
import { AppError } from '../../domain/errors.ts';
import { mean, sum } from './moments.ts';

export const brier = (chances: readonly number[], gold: number): number => sum(chances.map((p, j) => (p - Number(j === gold)) ** 2));

export function brierScore(chances: readonly (readonly number[])[], golds: readonly number[]): number | null {
  if (chances.length !== golds.length)
    throw new AppError('invalid', `there are ${chances.length} predictions, but ${golds.length} answers`);
  return mean(chances.map((one, i) => brier(one, golds[i]!)));
}
