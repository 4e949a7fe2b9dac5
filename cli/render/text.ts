/** Small pieces of text for terminals: widths, lines; and the words for numbers and times that the page has as well. Pure. */
import { stripVTControlCharacters } from 'node:util';

export { bytesInWords, count, duration, perSecond, plural } from '../../shared/domain/words.ts';

/** Control characters, line separators, and marks that turn the direction of what follows. */
// eslint-disable-next-line no-control-regex -- control characters are what this is about
const HARMFUL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]+/g;

/** Text from outside made harmless for a terminal: one line, no escape sequences, no control characters. */
export const plainText = (text: string): string => stripVTControlCharacters(text).replace(HARMFUL, ' ');

/** The same of several lines, which stay lines; tabs become spaces. */
export const plainLines = (text: string): string[] =>
  stripVTControlCharacters(text)
    .replaceAll('\t', '    ')
    .split(/\r\n|[\n\r\u2028\u2029]/)
    .map((line) => line.replace(HARMFUL, ' ').trimEnd());

const PRINTABLE_ASCII = /^[ -~]*$/;
const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** What a reader takes for one character each: an emoji with its modifiers, a letter with its accents. */
function* charactersOf(text: string): Generator<string> {
  if (PRINTABLE_ASCII.test(text)) yield* text;
  else for (const { segment } of graphemes.segment(text)) yield segment;
}

/** Columns that text takes on a terminal: wide characters (CJK, emoji) take two, combining marks none. */
export function widthOf(text: string): number {
  const visible = stripVTControlCharacters(text);
  if (PRINTABLE_ASCII.test(visible)) return visible.length;
  let width = 0;
  for (const character of charactersOf(visible)) width += columnsOf(character);
  return width;
}

/** Of one grapheme. */
function columnsOf(character: string): number {
  if (character.length === 1 && character >= ' ' && character <= '~') return 1;
  if (/^[\p{Mn}\p{Me}\p{Cf}]+$/u.test(character)) return 0;
  if (/\p{Emoji_Presentation}|\ufe0f/u.test(character)) return 2;
  const code = character.codePointAt(0)!;
  const wide =
    code >= 0x1100 &&
    (code <= 0x115f ||
      (code >= 0x2e80 && code <= 0xa4cf) ||
      (code >= 0xa960 && code <= 0xa97c) ||
      (code >= 0xac00 && code <= 0xd7a3) ||
      (code >= 0xf900 && code <= 0xfaff) ||
      (code >= 0xfe30 && code <= 0xfe6f) ||
      (code >= 0xff00 && code <= 0xff60) ||
      (code >= 0xffe0 && code <= 0xffe6) ||
      (code >= 0x1f300 && code <= 0x1faff) ||
      (code >= 0x20000 && code <= 0x3fffd));
  return wide ? 2 : 1;
}

/** The text in at most `width` columns; what is cut is shown by an ellipsis. */
export function cut(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  let kept = '';
  let used = 0;
  for (const character of charactersOf(text)) {
    const columns = columnsOf(character);
    if (used + columns > width - 1) break;
    kept += character;
    used += columns;
  }
  return width > 0 ? `${kept}…` : '';
}

/** The end of a text, in at most `width` columns. */
export function endOf(text: string, width: number): string {
  const kept: string[] = [];
  let used = 0;
  for (const character of [...charactersOf(text)].toReversed()) {
    used += columnsOf(character);
    if (used > width) break;
    kept.push(character);
  }
  return kept.toReversed().join('');
}

/** The text without its last character, as a reader counts them. */
export const withoutLast = (text: string): string => [...charactersOf(text)].slice(0, -1).join('');

export const padEnd = (text: string, width: number): string => text + ' '.repeat(Math.max(0, width - widthOf(text)));
export const padStart = (text: string, width: number): string => ' '.repeat(Math.max(0, width - widthOf(text))) + text;

/** The text in lines of at most `width` columns, broken at spaces where there are some; lines of the text stay lines. */
export function wrapped(text: string, width: number): string[] {
  if (width === Infinity) return plainLines(text);
  return plainLines(text).flatMap((line) => wrapLine(line, Math.max(2, width)));
}

function wrapLine(line: string, width: number): string[] {
  const lines: string[] = [];
  let [current, used] = ['', 0];
  // The last place where it may be broken: what stands before it, and the columns that it takes.
  let [space, spaceUsed] = [-1, 0];
  const end = (text: string): void => {
    const kept = text.trimEnd();
    if (kept !== '') lines.push(kept);
  };
  for (const character of charactersOf(line)) {
    const columns = columnsOf(character);
    while (used > 0 && used + columns > width) {
      if (space < 0 || character === ' ') {
        end(current);
        [current, used] = ['', 0];
      } else {
        end(current.slice(0, space));
        [current, used] = [current.slice(space + 1), used - spaceUsed];
      }
      space = -1;
    }
    // Where a line is broken its spaces fall away; those in front of a text stay.
    if (character === ' ' && current === '' && lines.length > 0) continue;
    if (character === ' ') [space, spaceUsed] = [current.length, used + 1];
    current += character;
    used += columns;
  }
  return lines.length > 0 && current.trimEnd() === '' ? lines : [...lines, current.trimEnd()];
}
