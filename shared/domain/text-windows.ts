/**
 * A long text in windows of at most so many characters, each rated given what is before it: nothing for the first, the last word of the
 * window before for the others. They join to the text, cut before white space where there is some, so that a word keeps the space that its
 * token begins with. lm-evaluation-harness cuts by tokens, with one token of context, which needs the model's tokenizer; a text of
 * one window is rated as there. Pure.
 */
export interface TextWindow {
  context: string;
  text: string;
}

/** Of a window before, what the next one may see of it. */
const MAX_CONTEXT = 200;

export function textWindows(text: string, most: number): TextWindow[] {
  const windows: TextWindow[] = [];
  for (let start = 0; start < text.length;) {
    const end = endOf(text, start, most);
    windows.push({ context: start === 0 ? '' : lastWord(text, start), text: text.slice(start, end) });
    start = end;
  }
  return windows;
}

function endOf(text: string, start: number, most: number): number {
  if (text.length - start <= most) return text.length;
  for (let end = start + most; end > start + most / 2; end--) if (/\s/.test(text[end]!)) return end;
  // No word is so long; never half a character.
  return start + most - (isLow(text.charCodeAt(start + most)) ? 1 : 0);
}

function lastWord(text: string, end: number): string {
  const least = Math.max(0, end - MAX_CONTEXT);
  let start = end - 1;
  while (start > least && !/\s/.test(text[start]!)) start--;
  return text.slice(isLow(text.charCodeAt(start)) ? start + 1 : start, end);
}

const isLow = (code: number): boolean => code >= 0xdc00 && code <= 0xdfff;
