/**
 * Python's text functions, as far as the scorers need them: their verdicts are defined by what Python's `str` does, and
 * JavaScript's namesakes differ (`trim` cuts U+FEFF and leaves U+0085, `toLowerCase` leaves ß alone).
 */

/** What `str.isspace` calls white space; also `\s` of `re`. Inside a character class of a `u` regex. */
export const SPACES = '\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';

const SPACE_CODES = new Set([9, 10, 11, 12, 13, 28, 29, 30, 31, 32, 0x85, 0xa0, 0x1680, 0x2028, 0x2029, 0x202f, 0x205f, 0x3000]);
const isSpace = (code: number): boolean => SPACE_CODES.has(code) || (code >= 0x2000 && code <= 0x200a);

/** `string.punctuation`: the 32 ASCII marks. */
export const PUNCTUATION = '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~';
/** `string.whitespace`: the six ASCII ones. */
const ASCII_SPACES = ' \t\n\r\x0b\x0c';
const PUNCTUATION_AND_SPACES = codesOf(PUNCTUATION + ASCII_SPACES);

function codesOf(chars: string): ReadonlySet<number> {
  return new Set(Array.from(chars, (c) => c.charCodeAt(0)));
}

/** Cuts both ends by index: a regex with `$` would look at every inner run of white space too. */
function stripWhere(text: string, drop: (code: number) => boolean): string {
  let start = 0;
  let end = text.length;
  while (start < end && drop(text.charCodeAt(start))) start++;
  while (end > start && drop(text.charCodeAt(end - 1))) end--;
  return text.slice(start, end);
}

/** `s.strip()`. */
export const strip = (text: string): string => stripWhere(text, isSpace);

/** `s.rstrip()`. */
export function stripEnd(text: string): string {
  let end = text.length;
  while (end > 0 && isSpace(text.charCodeAt(end - 1))) end--;
  return text.slice(0, end);
}

/** `s.strip(chars)`; the characters lie in the basic plane. */
export function stripChars(text: string, chars: string): string {
  const codes = codesOf(chars);
  return stripWhere(text, (code) => codes.has(code));
}

/** `s.strip(string.whitespace + string.punctuation)`. */
export const stripPunctuation = (text: string): string => stripWhere(text, (code) => PUNCTUATION_AND_SPACES.has(code));

/** Characters that full case folding changes: Unicode's own property, plus those that it sees in decomposed form only. */
const FOLDED =
  /[\p{Changes_When_Casefolded}\u01f0\u0390\u03b0\u1e96-\u1e99\u1f50\u1f52\u1f54\u1f56\u1fb6\u1fbe\u1fc6\u1fd2\u1fd3\u1fd6\u1fd7\u1fe2-\u1fe4\u1fe6\u1fe7\u1ff6]/gu;
const ASCII_ONLY = /^[\x00-\x7f]*$/;

function foldChar(char: string): string {
  const code = char.codePointAt(0)!;
  // Cherokee folds to its upper case, ẞ to what ß folds to: the only ones that differ from lower(upper(c)).
  if (code >= 0xab70 && code <= 0xabbf) return String.fromCharCode(code - 0xab70 + 0x13a0);
  if (code >= 0x13f8 && code <= 0x13fd) return String.fromCharCode(code - 8);
  return code === 0x1e9e ? 'ss' : char.toUpperCase().toLowerCase();
}

/** `s.casefold()`: full case folding, one character at a time (`ß` becomes `ss`, `ς` becomes `σ`). */
export const casefold = (text: string): string => (ASCII_ONLY.test(text) ? text.toLowerCase() : text.replace(FOLDED, foldChar));

/** The words of a text between runs of white space, without keeping them all: a completion may have millions. */
export function* words(text: string, fromEnd = false): Generator<string> {
  if (!fromEnd) {
    for (const match of text.matchAll(new RegExp(`[^${SPACES}]+`, 'gu'))) yield match[0];
    return;
  }
  let end = text.length;
  while (end > 0) {
    while (end > 0 && isSpace(text.charCodeAt(end - 1))) end--;
    let start = end;
    while (start > 0 && !isSpace(text.charCodeAt(start - 1))) start--;
    if (start < end) yield text.slice(start, end);
    end = start;
  }
}
