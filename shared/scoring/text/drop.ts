/**
 * DROP's exact match and F1 (Dua et al. 2019, arXiv:1903.00161, §5), as in its official script and lm-evaluation-harness. An answer is
 * one or more spans of text; each span becomes a bag (a set) of normalised words.
 *
 *   em   1 if both answers have the same spans, in any order, and as many
 *   f1   spans are paired one to one so that the sum of their F1 is greatest; the sum over max(spans predicted, spans of the
 *        target), to two decimals. A pair counts only if the target's span has no number or shares one with the other.
 */
import { setF1 } from './f1.ts';
import { floatText } from './float-text.ts';
import { bestAssignment } from './hungarian.ts';
import { numpyRound2 } from './rounding.ts';
import { singleSpaced, splitWords, withoutArticles, withoutPunctuation } from './squad.ts';

export interface DropScore {
  em: number;
  f1: number;
}

/** Of one prediction against one target, each at least one span. */
export function dropScore(predicted: readonly string[], gold: readonly string[]): DropScore {
  const predictedSpans = predicted.map(dropNormalize);
  const goldSpans = gold.map(dropNormalize);
  return { em: sameSpans(predictedSpans, goldSpans) ? 1 : 0, f1: alignedF1(predictedSpans.map(bagOf), goldSpans.map(bagOf)) };
}

function sameSpans(predicted: readonly string[], gold: readonly string[]): boolean {
  const [a, b] = [new Set(predicted), new Set(gold)];
  return predicted.length === gold.length && a.size === b.size && predicted.every((span) => b.has(span));
}

/** Words between spaces and hyphens, lower case; numbers in one form, of others the punctuation taken out; without articles. */
export function dropNormalize(text: string): string {
  return text
    .split(/[ -]/)
    .map((token) => {
      const lower = token.toLowerCase();
      const word = floatText(lower) ?? withoutPunctuation(lower);
      return singleSpaced(withoutArticles(floatText(word) ?? word));
    })
    .filter((token) => token !== '')
    .join(' ');
}

const bagOf = (span: string): ReadonlySet<string> => new Set(splitWords(span));

function alignedF1(predicted: readonly ReadonlySet<string>[], gold: readonly ReadonlySet<string>[]): number {
  const numbers = gold.map(numbersOf);
  const scores = gold.map((bag, i) => predicted.map((other) => (sharesNumber(numbers[i]!, other) ? setF1(other, bag) : 0)));
  const sum = bestAssignment(scores).reduce((total, { row, column }) => total + scores[row]![column]!, 0);
  return numpyRound2(sum / Math.max(gold.length, predicted.length));
}

const numbersOf = (bag: ReadonlySet<string>): string[] => Array.from(bag).filter((word) => floatText(word) !== undefined);

const sharesNumber = (numbers: readonly string[], bag: ReadonlySet<string>): boolean =>
  numbers.length === 0 || numbers.some((number) => bag.has(number));
