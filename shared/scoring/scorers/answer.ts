/**
 * `answer`: what stands after `ANSWER:` is one of the targets, whatever its case. No such answer: N. Semantics of Inspect's scorer of this
 * name: a letter or a word must follow the last `ANSWER:`, a line must be the last one of the completion.
 *
 *   letter   one ASCII letter, then the end or something that is no part of a word
 *   word     characters without white space up to the end of a line, apart from one of . , ; : ! ? there
 *   line     the rest of the line, white space at its end included; nothing but white space may come after it
 */
import { z } from 'zod';
import { SPACES } from '../python/text.ts';
import { shortAnswer, type ScorerKind } from '../scorer.ts';

const args = z.strictObject({
  pattern: z
    .enum(['letter', 'word', 'line'])
    .describe('What to take after `ANSWER:`: a letter, a word at the end of a line, or the last line'),
});

export const answer: ScorerKind<z.infer<typeof args>> = {
  args,
  create: ({ pattern }) => {
    const read = READERS[pattern];
    return (output, targets) => {
      const found = read(output, places(output));
      if (found === undefined) return { value: 'N', explanation: `no ${pattern} stands after ANSWER: where it should` };
      const folded = found.toLowerCase();
      return { value: targets.some((target) => target.toLowerCase() === folded) ? 'C' : 'I', answer: shortAnswer(found) };
    };
  },
};

/** One `ANSWER:`. */
interface Place {
  start: number;
  /** Behind the colon. */
  end: number;
  /** The first character behind the colon that is no white space, or the end of the text. */
  next: number;
}

const KEYWORD = new RegExp(`answer[${SPACES}]*:`, 'giu');
const SPACE = new RegExp(`[${SPACES}]`, 'u');
/** With the letters beyond ASCII that Python takes for one of these when it ignores case. */
const LETTER = /[A-Za-z\u0130\u0131\u017f\u212a]/;
const WORD = /[\p{L}\p{N}_]/u;
const POINT = /[.,;:!?]/;

const READERS: Record<'letter' | 'word' | 'line', (text: string, places: readonly Place[]) => string | undefined> = {
  letter(text, places) {
    const at = places.at(-1)?.next ?? text.length;
    const behind = text.codePointAt(at + 1);
    return LETTER.test(text[at] ?? '') && !(behind !== undefined && WORD.test(String.fromCodePoint(behind))) ? text[at] : undefined;
  },

  word(text, places) {
    const last = places.at(-1);
    let end = 0;
    for (const { next } of places) {
      // The words of `ANSWER:aANSWER:b` end at the same place: it is looked for once.
      if (next >= end) end = spaceFrom(text, next);
      // An answer counts if no other follows it; one that is a part of its word does not follow it.
      if (next === end || last!.start >= end || !endsLine(text, end)) continue;
      return text.slice(next, end - 1 > next && POINT.test(text[end - 1]!) ? end - 1 : end);
    }
    return undefined;
  },

  line(text, places) {
    const end = text.length - spacesAtEnd(text);
    const lastLine = text.lastIndexOf('\n', end - 1) + 1;
    for (const { end: colon, next } of places) {
      if (next >= end) return blankLine(text.slice(colon));
      if (next < lastLine) continue;
      const lineEnd = text.indexOf('\n', next);
      return text.slice(next, lineEnd < 0 ? text.length : lineEnd);
    }
    return undefined;
  },
};

function places(text: string): Place[] {
  return Array.from(text.matchAll(KEYWORD), ({ index, 0: keyword }) => {
    const end = index + keyword.length;
    let next = end;
    while (next < text.length && SPACE.test(text[next]!)) next++;
    return { start: index, end, next };
  });
}

function spaceFrom(text: string, from: number): number {
  let at = from;
  while (at < text.length && !SPACE.test(text[at]!)) at++;
  return at;
}

/** Whether there is nothing but white space up to a line feed or the end. */
function endsLine(text: string, from: number): boolean {
  let at = from;
  while (at < text.length && SPACE.test(text[at]!)) if (text[at++] === '\n') return true;
  return at === text.length;
}

function spacesAtEnd(text: string): number {
  let count = 0;
  while (count < text.length && SPACE.test(text[text.length - 1 - count]!)) count++;
  return count;
}

/** White space only: Inspect's expression takes the last character that is no line feed for the answer. */
function blankLine(blank: string): string | undefined {
  return blank.replaceAll('\n', '').at(-1);
}
