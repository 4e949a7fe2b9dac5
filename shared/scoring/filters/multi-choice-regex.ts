/**
 * `multi_choice_regex`: the letter of a choice, in parentheses, found in three ways. The first that finds something wins:
 *
 *   1. the regular expression, as in the filter `regex`
 *   2. the text of a choice: "paris" of (A) Paris, …
 *   3. a letter behind a colon: ": A"
 *
 * In each the match that `group_select` says. For the second, response and choices are read without what the arguments say to ignore.
 * Semantics of lm-evaluation-harness's filter of this name (whose default pattern, GSM8K's, finds no letter; ours does). Choices whose
 * text is empty after that are found by their letter only.
 */
import { z } from 'zod';
import { regexArg } from '../python/regex-arg.ts';
import { compilePythonRegex } from '../python/regex.ts';
import { SPACES, strip } from '../python/text.ts';
import { letterOf } from '../scorers/answer-letters.ts';
import { escapeRegex } from './escape.ts';
import type { FilterKind } from './filter.ts';
import { groupSelectArg, INVALID, select, selectHit } from './hits.ts';

const args = z.strictObject({
  regex_pattern: regexArg.default('(\\([A-Z]\\))').describe("Python's syntax, as in the filter regex"),
  group_select: groupSelectArg.default(0).describe('Which match: 0 is the first, -1 the last'),
  ignore_case: z.boolean().default(false).describe('Of texts of choices'),
  ignore_punctuation: z.boolean().default(false).describe('Of texts of choices; all that Unicode calls punctuation'),
  regexes_to_ignore: z.array(regexArg).max(20).default([]).describe('Taken out of texts of choices, one after the other'),
  fallback: z.string().max(1000).default(INVALID).describe('What goes on where nothing is found'),
});

/** Letters behind a colon are single ones. */
const LETTERS = 26;
const PUNCTUATION = /\p{P}/gu;

export const multiChoiceRegex: FilterKind<z.infer<typeof args>> = {
  args,
  create(options) {
    const { group_select: place, fallback } = options;
    const regex = compilePythonRegex(options.regex_pattern);
    const ignored = options.regexes_to_ignore.map((pattern) => compilePythonRegex(pattern));
    const plain = (text: string): string => {
      let rest = text;
      for (const one of ignored) rest = one.remove(rest);
      if (options.ignore_case) rest = rest.toLowerCase();
      return options.ignore_punctuation ? rest.replace(PUNCTUATION, '') : rest;
    };
    return (responses, { choices = [] } = {}) => {
      if (choices.length === 0) throw new Error('the filter multi_choice_regex needs the choices of the sample, which has none');
      const byText = textFinder(choices.map((choice) => plain(strip(choice))));
      const byLetter = letterFinder(choices.length);
      return responses.map(
        (response) => selectHit(regex, response, place) || byText(plain(response), place) || byLetter(response, place) || fallback,
      );
    };
  },
};

type Finder = (text: string, place: number) => string | undefined;

/** Of equal texts the last choice's letter counts, as a dictionary would have it. */
function textFinder(texts: readonly string[]): Finder {
  const letters = new Map(texts.map((text, i) => [text, `(${letterOf(i)})`]));
  const literals = texts.filter((text) => text !== '').map(escapeRegex);
  if (literals.length === 0) return () => undefined;
  const pattern = new RegExp(literals.join('|'), 'g');
  return (text, place) => {
    const hit = select(text.matchAll(pattern), place)?.[0];
    if (hit === undefined) return undefined;
    // Without the white space around it, a text may be no choice's any more: it goes on as it is.
    const bare = strip(hit);
    return letters.get(bare) ?? bare;
  };
}

function letterFinder(count: number): Finder {
  const letters = Array.from({ length: Math.min(count, LETTERS) }, (_, i) => letterOf(i));
  const pattern = new RegExp(`:[${SPACES}]*([${letters.join('')}])`, 'gu');
  return (text, place) => {
    const letter = select(text.matchAll(pattern), place)?.[1];
    return letter === undefined ? undefined : `(${letter})`;
  };
}
