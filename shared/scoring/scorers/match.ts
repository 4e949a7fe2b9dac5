/**
 * `match`: the target stands at the begin or the end of the output, anywhere in it, or is all of it. With `numeric` and
 * a target that is a number, numbers are compared, to five significant digits; a target that is none ("60%") is compared
 * as text. Semantics of Inspect's scorer of this name.
 */
import { z } from 'zod';
import { fiveDigits } from '../python/numbers.ts';
import { casefold, strip, stripChars, stripPunctuation, words } from '../python/text.ts';
import { anyTarget, type ScorerKind } from '../scorer.ts';
import { parseNumber } from '../python/unicode-numbers.ts';

const args = z.strictObject({
  location: z.enum(['begin', 'end', 'any', 'exact']).default('end').describe('Where in the completion'),
  ignore_case: z.boolean().default(true).describe('Full Unicode case folding'),
  numeric: z.boolean().default(false).describe('Numbers are compared, to five significant digits'),
});
type Args = z.infer<typeof args>;

/** Marks that may stand at the ends of a number's word, "(42)!". Not %: 60% may mean 60 or 0.6. */
const AROUND_NUMBERS = '!?:;()[]{}\'"`~<=>@#^&|';

export const match: ScorerKind<Args> = {
  args,
  create({ location, ignore_case: ignoreCase, numeric }) {
    const fold = ignoreCase ? casefold : (text: string): string => text;
    return (output, targets) => {
      const answer = strip(output);
      const folded = fold(answer);
      // Both forms of a long output are made when the first target asks for them, not once per target.
      const asNumber = once(() => cleanNumeric(folded));
      const asText = once(() => stripPunctuation(folded));
      return anyTarget(targets, (rawTarget) => {
        const target = numeric ? cleanNumeric(fold(strip(rawTarget))) : fold(strip(rawTarget));
        const wanted = numeric ? parseNumber(target) : undefined;
        if (wanted !== undefined) return matchNumber(asNumber(), fiveDigits(wanted), location, answer);
        return { answer, matched: matchText(asText(), stripPunctuation(target), location) };
      });
    };
  },
};

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

function matchText(text: string, target: string, location: Args['location']): boolean {
  switch (location) {
    case 'begin':
      return text.startsWith(target);
    case 'end':
      return text.endsWith(target);
    case 'exact':
      return text === target;
    case 'any':
      return text.includes(target);
  }
}

function matchNumber(text: string, wanted: string, location: Args['location'], whole: string): { answer: string; matched: boolean } {
  if (location === 'exact') {
    const number = parseNumber(text);
    const answer = number === undefined ? text : fiveDigits(number);
    return { answer, matched: answer === wanted };
  }
  for (const word of words(text, location === 'end')) {
    const number = numberOfWord(word);
    if (number === undefined) continue;
    const answer = fiveDigits(number);
    if (answer === wanted) return { answer, matched: true };
    if (location !== 'any') return { answer, matched: false };
  }
  return { answer: location === 'any' ? whole : '', matched: false };
}

const numberOfWord = (word: string): number | undefined => parseNumber(word) ?? parseNumber(stripChars(word, AROUND_NUMBERS));

/**
 * Takes off what models put around numbers: Markdown and LaTeX escapes, currency signs, thousands separators, emphasis,
 * and points that no digit follows.
 */
function cleanNumeric(text: string): string {
  return text
    .replace(/\\([!-/:-@[-`{-~])/g, '$1')
    .replace(/[$,£€*_]/g, '')
    .replace(/\.(?!\p{Nd})/gu, '');
}
