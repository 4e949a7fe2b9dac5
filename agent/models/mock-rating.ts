/**
 * How likely the mock holds a text. A sample that is answered rightly has its target far ahead of the other choices, by any length;
 * one that is not has it far behind. Pure.
 */
import type { RateRequest, Rating } from './provider.ts';
import { charactersOf } from '../../shared/scoring/likelihoods.ts';

/** `drawn`: a number in [0, 1) that hangs on the sample and the text alone. */
export function mockRating(
  { continuation, isTarget }: Pick<RateRequest, 'continuation' | 'isTarget'>,
  isRight: boolean,
  drawn: number,
): Omit<Rating, 'usage' | 'model'> {
  const characters = charactersOf(continuation);
  const perCharacter = isTarget !== true ? 1 + drawn : isRight ? 0.001 : 1000;
  return { logLikelihood: -perCharacter * characters, isGreedy: isTarget === true && isRight, tokens: Math.ceil(characters / 4) };
}
