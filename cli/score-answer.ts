/** A line that `assay score` reads: an answer, or log-likelihoods, with what they are measured by. */
import { AppError, invalid, type Fault } from '../shared/domain/errors.ts';
import { isPlainObject } from '../shared/domain/plain-object.ts';
import type { Likelihood } from '../shared/scoring/likelihoods.ts';
import { ratedIn, RATED_FIELDS } from './score-likelihoods.ts';
import { refuseServedResult } from './served-result.ts';

/** The most generations of one sample. */
const MAX_EPOCHS = 1000;

export interface Answer {
  /** A list: generations of one sample, its epochs. */
  output: string | string[];
  target: string[];
  choices?: string[];
  likelihoods?: readonly Likelihood[];
  inputText?: string;
  metadata: Readonly<Record<string, unknown>>;
}

/** One line; `place` names it in faults, which are told all at once. */
export function parseAnswer(text: string, place: string): Answer {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    const notJson = /\b(?:NaN|Infinity)\b/.exec(text)?.[0];
    throw new AppError(
      'invalid',
      `${place}: is not valid JSON${notJson ? `, which knows no ${notJson}` : ''}; write {"output": …, "target": …} on one line`,
    );
  }
  if (!isPlainObject(value)) throw new AppError('invalid', `${place}: is no object; write {"output": …, "target": …}`);
  refuseServedResult(value, place);
  const faults: Fault[] = [];
  const isRated = RATED_FIELDS.some((field) => value[field] !== undefined);
  const { output = isRated ? '' : undefined, input, metadata } = value;
  if (typeof output !== 'string') checkOutputs(output, faults);
  const choices = choicesIn(value, faults);
  const targets = targetsIn(value, isRated, faults);
  // Of choices or targets that are none nothing more can be said.
  const likelihoods = isRated && faults.length === 0 ? ratedIn(value, { choices, targets }, faults) : undefined;
  if (faults.length > 0) throw invalid(place, faults);
  return {
    output: output as string | string[],
    target: targets.map(String),
    ...(choices ? { choices } : {}),
    ...(likelihoods ? { likelihoods } : {}),
    ...(typeof input === 'string' ? { inputText: input } : {}),
    metadata: isPlainObject(metadata) ? metadata : {},
  };
}

function checkOutputs(outputs: unknown, faults: Fault[]): void {
  const remedy = "give it the model's answer as text, or a list of texts of which each is an epoch";
  if (!Array.isArray(outputs)) faults.push({ place: 'output', problem: `${wordFor(outputs)}; ${remedy}` });
  else if (outputs.length === 0 || outputs.length > MAX_EPOCHS)
    faults.push({ place: 'output', problem: `is a list of ${outputs.length}; give it 1 to ${MAX_EPOCHS} texts` });
  else if (!isTexts(outputs)) faults.push({ place: 'output', problem: `${wordFor(outputs)}; ${remedy}` });
}

function choicesIn({ choices }: Record<string, unknown>, faults: Fault[]): string[] | undefined {
  if (choices === undefined || choices === null) return undefined;
  if (isTexts(choices)) return choices;
  faults.push({ place: 'choices', problem: `${wordFor(choices)}; give it a list of texts, or leave it out` });
  return undefined;
}

/** A number is the place of a choice that is rated; anywhere else targets are text. */
function targetsIn({ target }: Record<string, unknown>, isRated: boolean, faults: Fault[]): (string | number)[] {
  const targets = Array.isArray(target) ? target : [target];
  const isTarget = (one: unknown): one is string | number => typeof one === 'string' || (isRated && typeof one === 'number');
  if (targets.length > 0 && targets.every(isTarget)) return targets;
  const remedy = isRated ? 'give it the right choice: its place from 0, its letter or its text' : 'give it text, or a list of texts';
  faults.push({ place: 'target', problem: `${wordFor(target)}; ${remedy}` });
  return [];
}

const isTexts = (value: unknown): value is string[] => Array.isArray(value) && value.every((v) => typeof v === 'string');

const wordFor = (value: unknown): string =>
  value === undefined
    ? 'is missing'
    : Array.isArray(value)
      ? 'is not a list of texts'
      : value === null
        ? 'is null'
        : `is ${typeof value === 'object' ? 'an object' : `a ${typeof value}`}`;
