/** Several answers of one sample, of a line of `assay score`: how its epochs become one value. */
import { AppError } from '../shared/domain/errors.ts';
import { voteFault } from '../shared/domain/spec-checks.ts';
import { findReducer, reducerForms, type FoundReducer } from '../shared/scoring/reducers.ts';
import { hasAnswer } from '../shared/scoring/registry.ts';
import type { Verdict } from '../shared/scoring/scorer.ts';
import { valueToNumber } from '../shared/scoring/values.ts';
import { plainText } from './render/text.ts';

export interface Reducing extends FoundReducer {
  name: string;
}

/** Throws AppError `invalid` for what is no reducer, or none that the scorer's verdicts can have. */
export function reducingOf(name: string, scorer: string): Reducing {
  const found = findReducer(name);
  const shown = `'${plainText(name).slice(0, 80)}'`;
  if (!found) throw new AppError('invalid', `--reducer: ${shown} is no reducer; there are ${reducerForms().join(', ')}`);
  if (found.ofAnswers && !hasAnswer(scorer)) throw new AppError('invalid', `--reducer: ${shown} is ${voteFault(scorer)}`);
  return { name, ...found };
}

/** Throws AppError `invalid` for a line with fewer answers than the reducer takes. */
export function checkEpochs({ name, epochs }: Reducing, count: number, place: string): void {
  if (count >= epochs) return;
  const has = count === 1 ? 'one answer' : `${count} answers`;
  throw new AppError('invalid', `${place}: has ${has}, and ${name} needs ${epochs}; give it more in output, or lower ${epochs}`);
}

/** What is printed of one line: the value that its epochs come to, and each of them. */
export function reducedLine({ name, reduce }: Reducing, epochs: readonly (Verdict & { filtered?: string })[]): object {
  const scored = epochs.filter(({ value }) => valueToNumber(value) !== null);
  const values = scored.map(({ value }) => valueToNumber(value)!);
  const said = scored.map(({ value, answer }) => ({ value: value!, answer }));
  return { value: values.length === 0 ? null : reduce(values, said), reducer: name, epochs };
}
