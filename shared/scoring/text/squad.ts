/**
 * The normalisation of SQuAD's and QuAC's official scripts, which OpenAI evals and HELM took over: lower case, without the
 * 32 ASCII punctuation marks, a space for each of the words a, an, the, and single spaces between what is left.
 */
import { SPACES, words } from '../python/text.ts';

const MARKS = /[!-/:-@[-`{-~]/g;
const ARTICLES = /(?<![\p{L}\p{N}_])(?:a|an|the)(?![\p{L}\p{N}_])/gu;
const SPACE_RUNS = new RegExp(`[${SPACES}]+`, 'gu');

/** Deletes `string.punctuation`: the words around a mark become one, "who's" is "whos". */
export const withoutPunctuation = (text: string): string => text.replace(MARKS, '');

/** A space for each article that stands alone. */
export const withoutArticles = (text: string): string => text.replace(ARTICLES, ' ');

/** `' '.join(s.split())`. */
export function singleSpaced(text: string): string {
  const spaced = text.replace(SPACE_RUNS, ' ');
  const start = spaced.startsWith(' ') ? 1 : 0;
  return spaced.slice(start, spaced.length > start && spaced.endsWith(' ') ? -1 : spaced.length);
}

export const squadNormalize = (text: string): string => singleSpaced(withoutArticles(withoutPunctuation(text.toLowerCase())));

/** `s.split()`: the words between runs of white space. */
export const splitWords = (text: string): string[] => Array.from(words(text));
