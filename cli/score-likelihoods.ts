/**
 * Log-likelihoods that were recorded, of a line of `assay score`. Their shortest form, `loglikelihoods`: a number for each choice, or as
 * lm-evaluation-harness logs it a pair [log-likelihood, is_greedy]; of one text, the target, the number or pair alone. `unconditional` has those behind
 * nothing. `likelihoods` is the form that `assay import` and `assay rescore -o` write.
 */
import { AppError, type Fault } from '../shared/domain/errors.ts';
import { placeOfTarget } from '../shared/domain/likelihood-texts.ts';
import type { Likelihood } from '../shared/scoring/likelihoods.ts';
import { likelihoodsSchema } from './import/sample-facts.ts';

/** Any of them says that texts were rated and none was written. */
export const RATED_FIELDS = ['loglikelihoods', 'likelihoods'] as const;

/** Rounding of sums of logarithms; what is larger is no logarithm of a chance. */
const MOST = 1e-6;

interface Measure {
  choices: readonly string[] | undefined;
  targets: readonly (string | number)[];
}

/** What is wrong is added to the faults; undefined then. */
export function ratedIn(line: Record<string, unknown>, measure: Measure, faults: Fault[]): Likelihood[] | undefined {
  if (line['likelihoods'] !== undefined) return writtenIn(line, faults);
  const before = faults.length;
  const rated = line['loglikelihoods'];
  const pairs = pairsIn(isPair(rated) || !Array.isArray(rated) ? [rated] : rated, faults);
  const texts = measure.choices ?? measure.targets.slice(0, 1).map(String);
  if (pairs.length !== texts.length) faults.push({ place: 'loglikelihoods', problem: countFault(pairs.length, measure) });
  const right = rightOnes(measure, texts, faults);
  const alone = aloneIn(line['unconditional'], texts.length, faults);
  if (faults.length > before) return undefined;
  return texts.map((text, i) => ({
    ...{ text, logLikelihood: pairs[i]!.sum, isGreedy: pairs[i]!.isGreedy, isTarget: right.has(i), tokens: 0 },
    ...(alone ? { unconditional: alone[i]! } : {}),
  }));
}

function writtenIn(line: Record<string, unknown>, faults: Fault[]): Likelihood[] | undefined {
  const parsed = likelihoodsSchema.min(1).safeParse(line['likelihoods']);
  if (line['loglikelihoods'] !== undefined)
    faults.push({ place: 'likelihoods', problem: 'stands beside loglikelihoods, which says the same; keep one of the two' });
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    faults.push({
      place: ['likelihoods', ...issue!.path].join('.'),
      problem: `is not as assay import writes it (${issue!.message}); write loglikelihoods, a number for each choice`,
    });
  }
  return parsed.data;
}

const isPair = (value: unknown): value is [number, boolean] =>
  Array.isArray(value) && value.length === 2 && typeof value[0] === 'number' && typeof value[1] === 'boolean';

/** Of what does not say whether it is greedy, it is not. */
function pairsIn(rated: readonly unknown[], faults: Fault[]): { sum: number; isGreedy: boolean }[] {
  return rated.map((one, i) => {
    const [sum, isGreedy] = isPair(one) ? one : [one, false];
    const problem = sumFault(sum);
    if (problem !== undefined) faults.push({ place: `loglikelihoods[${i}]`, problem });
    return { sum: sum as number, isGreedy };
  });
}

function sumFault(sum: unknown): string | undefined {
  if (typeof sum !== 'number' || !Number.isFinite(sum))
    return 'is no number; give it the sum of ln p over the tokens, alone or as [sum, is_greedy]';
  return sum > MOST ? `is ${sum}, and a log-likelihood is at most 0; give it the sum of ln p, and no chance` : undefined;
}

const countFault = (count: number, { choices }: Measure): string =>
  choices
    ? `has ${count} of ${choices.length} choices; give it one for each, in their order`
    : `has ${count}, and there are no choices; name their texts in choices, or give it the one of the target`;

function rightOnes({ choices, targets }: Measure, texts: readonly string[], faults: Fault[]): Set<number> {
  // The text that is rated is the target itself.
  if (!choices) return new Set([0]);
  const places = targets.map((target) => {
    try {
      return typeof target === 'number' ? placeOfTarget(String(target), choices, 'index') : placeOfTarget(target, choices, undefined);
    } catch (error) {
      const problem = AppError.from(error).message;
      const clear = 'which names two choices, by text, place or letter; give its place from 0, as a number';
      faults.push({ place: 'target', problem: problem.replace(/^has the target/, 'is').replace(/which names two choices.*/s, clear) });
      return -1;
    }
  });
  return new Set(places.filter((place) => place < texts.length));
}

function aloneIn(value: unknown, count: number, faults: Fault[]): number[] | undefined {
  if (value === undefined || value === null) return undefined;
  const list: unknown[] = Array.isArray(value) ? value : [value];
  const numbers = pairsOfAlone(list, faults);
  if (list.length === count) return numbers;
  faults.push({ place: 'unconditional', problem: `has ${list.length} of ${count} texts; give it one for each, in their order` });
  return undefined;
}

function pairsOfAlone(list: readonly unknown[], faults: Fault[]): number[] {
  return list.map((one, i) => {
    const sum = isPair(one) ? one[0] : one;
    const problem = sumFault(sum);
    if (problem !== undefined) faults.push({ place: `unconditional[${i}]`, problem });
    return sum as number;
  });
}
