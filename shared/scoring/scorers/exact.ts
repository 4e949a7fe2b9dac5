/**
 * `exact`: output and target are the same words after normalisation: case folded, punctuation and the articles a, an, the
 * taken out, numbers in one form. Order and repetition count. Semantics of Inspect's scorer of this name; the
 * normalisation comes from DROP.
 */
import { z } from 'zod';
import { pythonFloat, pythonFloatText } from '../python/numbers.ts';
import { casefold, SPACES, strip, stripPunctuation } from '../python/text.ts';
import { shortAnswer, type ScorerKind } from '../scorer.ts';

const args = z.strictObject({});

const MARKS = /[!-/:-@[-`{-~]/g;
const ARTICLES = /(?<![\p{L}\p{N}_])(?:a|an|the)(?![\p{L}\p{N}_])/gu;
const SPACE_RUNS = new RegExp(`[${SPACES}]+`, 'gu');

export const exact: ScorerKind<z.infer<typeof args>> = {
  args,
  create: () => (output, targets) => {
    const words = normalize(output);
    const matched = targets.some((target) => strip(target) !== '' && normalize(target) === words);
    return { value: matched ? 'C' : 'I', answer: shortAnswer(output) };
  },
};

/** The normalised words of a text, a space between them. */
export const normalize = (text: string): string =>
  text
    .split(/[ -]/)
    .map(normalizeToken)
    .filter((token) => token !== '')
    .join(' ');

/** Of one word between spaces and hyphens. */
export function normalizeToken(raw: string): string {
  const folded = casefold(raw);
  // A number keeps its point and sign; only what is none even without the marks around it loses the marks inside.
  let token = folded;
  if (pythonFloat(token) === undefined) token = stripPunctuation(folded);
  if (pythonFloat(token) === undefined) token = folded.replace(MARKS, '');
  const number = pythonFloat(token);
  if (number !== undefined) return pythonFloatText(number);
  return strip(token.replace(ARTICLES, ' ').replace(SPACE_RUNS, ' '));
}
