/**
 * `\b` and `\B` beyond ASCII. RE2 sees the edges of ASCII words only, Python those of all words. So both sides are translated:
 * in the text each word character beyond ASCII becomes an ASCII one that the pattern treats in the same way. Characters that the
 * pattern does not name are all alike to it (only \w, \d, a dot or a negated class can take them) and share a stand-in that it
 * does not name either; each one that it names gets its own, in the pattern too.
 */
import { AppError } from '../../domain/errors.ts';

/** What of a pattern decides about stand-ins; filled in by the translator. */
export interface Mentions {
  /** \b or \B under Unicode rules. */
  edge: boolean;
  /** Something under ASCII rules, (?a). */
  ascii: boolean;
  /** \d or \D under Unicode rules. */
  digit: boolean;
  /** (?i) for the whole pattern; for a part of it. */
  ignoreCase: boolean;
  scopedCase: boolean;
  /** A range in [ ] that reaches beyond ASCII. */
  wideRange: boolean;
  /** Every character that it names, ranges within ASCII spelled out. */
  codes: Set<number>;
}

export const noMentions = (): Mentions => ({
  edge: false,
  ascii: false,
  digit: false,
  ignoreCase: false,
  scopedCase: false,
  wideRange: false,
  codes: new Set(),
});

export interface WordEdges {
  /** What the pattern's own characters become. */
  inPattern: ReadonlyMap<number, number>;
  /** The text to search instead; `at` leads from its places back to those of the text. Undefined: the text needs none of it. */
  view(text: string): { text: string; at: (place: number) => number } | undefined;
}

const WORD = /^[\p{L}\p{N}]$/u;
const ASCII_WORDS = '_0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** Throws AppError invalid for a pattern with word edges that leaves no stand-ins. */
export function wordEdges(mentions: Mentions, ignoreCase: boolean): WordEdges {
  const { codes, digit } = mentions;
  const isFolded = ignoreCase || mentions.ignoreCase;
  const fold = (char: string): string => (isFolded ? foldCase(char) : char);
  const named = Array.from(codes, (code) => String.fromCodePoint(code)).filter((char) => char > '\x7f' && WORD.test(char));
  const keys = [...new Set(named.map(fold))].filter((char) => char > '\x7f');
  if (mentions.ascii || mentions.wideRange || (mentions.scopedCase && named.some((char) => foldCase(char) !== char))) refuse();
  if (digit && named.some((char) => /\p{Nd}/u.test(char))) refuse();

  // Both cases of a letter are one: the pattern may ignore case in places.
  const free = ASCII_WORDS.split('').filter(
    (char) => ![char.toLowerCase(), char.toUpperCase()].some((c) => codes.has(c.charCodeAt(0))) && char === char.toLowerCase(),
  );
  const freeDigit = free.find((char) => /\d/.test(char));
  const [shared, ...own] = free.filter((char) => !digit || /\D/.test(char));
  if (shared === undefined || own.length < keys.length || (digit && freeDigit === undefined)) refuse();

  const standIns = new Map(keys.map((char, i) => [char, own[i]!]));
  /** Stand-ins that the text has of itself are not named by the pattern: alike to it. */
  const taken = new Set([...standIns.values()].flatMap((char) => [char, char.toUpperCase()]));
  const standIn = (char: string): string => {
    const key = fold(char);
    if (key <= '\x7f') return taken.has(key) ? shared : key;
    return standIns.get(key) ?? (digit && /\p{Nd}/u.test(char) ? freeDigit! : shared);
  };
  return {
    inPattern: new Map(named.map((char) => [char.codePointAt(0)!, standIn(char).charCodeAt(0)])),
    view(text) {
      if (!/(?![\0-\x7f])[\p{L}\p{N}]/u.test(text)) return undefined;
      // Places behind a character that takes two places in the text and one here.
      const wide: number[] = [];
      const mapped = text.replace(/[\p{L}\p{N}]/gu, (char, place: number) => {
        if (char.length === 2) wide.push(place + 1 - wide.length);
        return char > '\x7f' ? standIn(char) : taken.has(char) ? shared : char;
      });
      return { text: mapped, at: (place) => place + countUpTo(wide, place) };
    },
  };
}

/** Upper and lower case, and what else counts as the same letter; a letter whose other case is several letters stays. */
function foldCase(char: string): string {
  if (char === 'İ') return 'i';
  const folded = char.toUpperCase().toLowerCase();
  return Array.from(folded).length === 1 ? folded : char;
}

/** How many of the sorted numbers are not above the limit. */
function countUpTo(sorted: readonly number[], limit: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

function refuse(): never {
  throw new AppError(
    'invalid',
    'has \\b or \\B beside ranges or letters that hide the edges of words beyond ASCII; write (?a) at its start, for ASCII words only, or (?:^|\\W) for the edge',
  );
}
