/**
 * Which of the offered letters a completion of a multiple-choice question ends with. Semantics of Inspect's multiple-choice
 * solver: the last line `ANSWER: …`, and without such a line the last `ANSWER: …` anywhere; case does not matter.
 *
 *   on a line   ^ANSWER\s*:\s*([A-Za-z\d ,]+)\s*(?:$|\n|\.)
 *   anywhere    ANSWER\s*:\s*([A-Za-z\d ,]+)(?:[^\w]|\n|$|\.)
 *
 * Read by hand and not by these expressions, which take quadratic time on long runs of spaces.
 */

const KEYWORD = /answer\s*:/giu;
const IN_CAPTURE = /[A-Za-z\d ,]/;
const SPACE = /\s/;
const WORD = /[\p{L}\p{N}_]/u;

/** The letter of a choice by its place from 0: A … Z, then 1, 2, … */
export const letterOf = (place: number): string => (place < 26 ? String.fromCharCode(65 + place) : String(place - 25));

/** The letters that are selected, in the order in which they are named; none if the answer cannot be read. */
export function selectedLetters(output: string, offered: readonly string[], multiple: boolean): string[] {
  const captured = lastAnswer(output);
  if (captured === undefined) return [];
  const text = captured.trim().toUpperCase();
  const allowed = new Set(offered);
  if (!multiple) {
    // One letter, whatever commas stand around it: "A," is A.
    const [letter, ...more] = text.split(',').flatMap((part) => part.trim() || []);
    return letter !== undefined && more.length === 0 && allowed.has(letter) ? [letter] : [];
  }
  return lettersIn(text.replaceAll(' AND ', ',').replaceAll(' ', ''), allowed);
}

/** The letters of a target such as "B", "AB", "A,B" or "A, B"; undefined if it names what is not offered. */
export function targetLetters(target: string, offered: readonly string[]): string[] | undefined {
  const text = target.toUpperCase().replace(/\s+/g, '');
  if (text === '') return [];
  const letters = lettersIn(text, new Set(offered));
  return letters.length > 0 ? letters : undefined;
}

/** "A,C" or "AC": all parts must be offered, otherwise none counts. Each letter once. */
function lettersIn(text: string, allowed: ReadonlySet<string>): string[] {
  const tokens = text.split(',').filter((token) => token !== '');
  for (const parts of [tokens, tokens.join('').split('')])
    if (parts.length > 0 && parts.every((part) => allowed.has(part))) return [...new Set(parts)];
  return [];
}

/** What stands after the last `ANSWER:`, of those on lines of their own if there are any. */
function lastAnswer(output: string): string | undefined {
  let onLine: string | undefined;
  let anywhere: string | undefined;
  let lineEnd = 0;
  let anyEnd = 0;
  for (const { index, 0: keyword } of output.matchAll(KEYWORD)) {
    const from = index + keyword.length;
    const run = runAfter(output, from);
    const isFilled = run.end > run.start;
    const startsLine = index === 0 || output[index - 1] === '\n';
    if (startsLine && index >= lineEnd) {
      if (isFilled && endsLine(output, run.end)) {
        onLine = output.slice(run.start, run.end);
        lineEnd = run.end;
      } else if (isBlankOnLine(output, from, run.start)) onLine = '';
    }
    if (index < anyEnd) continue;
    const end = isFilled ? wordEnd(output, run) : undefined;
    if (end !== undefined) {
      anywhere = output.slice(run.start, end);
      anyEnd = end;
    } else if (isBlank(output, from, run.start)) anywhere = '';
  }
  return onLine ?? anywhere;
}

/** The run of letters, digits, spaces and commas after the spaces that follow the colon. */
function runAfter(text: string, from: number): { start: number; end: number } {
  let start = from;
  while (start < text.length && SPACE.test(text[start]!)) start++;
  let end = start;
  while (end < text.length && IN_CAPTURE.test(text[end]!)) end++;
  return { start, end };
}

/** The spaces between the colon and `to` can be an answer themselves, which then says nothing: one of them, and what may follow an answer. */
function isBlank(text: string, from: number, to: number): boolean {
  const space = text.slice(from, to).indexOf(' ');
  return space >= 0 && (from + space + 1 < to || to === text.length || !WORD.test(text[to]!));
}

/** The same where a line must end behind it. */
function isBlankOnLine(text: string, from: number, to: number): boolean {
  const spaces = text.slice(from, to);
  const space = spaces.indexOf(' ');
  return space >= 0 && (spaces.includes('\n', space) || to === text.length || text[to] === '.');
}

/** Whether after spaces there is a point, or a line or the text ends. */
function endsLine(text: string, from: number): boolean {
  let at = from;
  while (at < text.length && SPACE.test(text[at]!)) if (text[at++] === '\n') return true;
  return at === text.length || text[at] === '.';
}

/** Where the run ends before something that is no part of a word: its end, or its last space or comma. */
function wordEnd(text: string, { start, end }: { start: number; end: number }): number | undefined {
  if (end === text.length || !WORD.test(text[end]!)) return end;
  for (let at = end - 1; at > start; at--) if (text[at] === ' ' || text[at] === ',') return at;
  return undefined;
}
