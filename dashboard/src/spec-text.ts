/** The text of a spec while it is edited: JSON, and where in it the places lie that faults name. Pure. */

import { escaped } from './unseen.ts';

/** From one character to another, and the line (from 1) of the first. */
export interface Span {
  from: number;
  to: number;
  line: number;
}

/** Deeper than any spec. */
const MAX_DEPTH = 200;

/** For people who edit it: what cannot be seen is written as JSON's escapes, so that it stays what it is. */
export const specText = (spec: unknown): string => escaped(JSON.stringify(spec, null, 2));

/** What the text says; `problem` with its place where it is no JSON. */
export function parsed(text: string): { spec: unknown } | { problem: string; span: Span } {
  try {
    return { spec: JSON.parse(text) as unknown };
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    const at = Math.min(text.length, faultyAt(said, text));
    return {
      problem: said.replace(/ \(line \d+ column \d+\)$/, ''),
      span: { from: at, to: Math.min(text.length, at + 1), line: lineOf(text, at) },
    };
  }
}

/** By what browsers say: a position, or line and column; else the end. */
function faultyAt(said: string, text: string): number {
  const [, position] = /position (\d+)/.exec(said) ?? [];
  if (position !== undefined) return Number(position);
  const [, line, column] = /line (\d+) column (\d+)/.exec(said) ?? [];
  if (line === undefined) return text.trimEnd().length;
  return text.split('\n', Number(line) - 1).reduce((sum, one) => sum + one.length + 1, 0) + Number(column) - 1;
}

const lineOf = (text: string, at: number): number => text.slice(0, at).split('\n').length;

/** Of a place such as `benchmarks[0].scorers[1].args`; what is not there is said of what would have it. Undefined: of nothing in the text. */
export function spanOf(text: string, place: string): Span | undefined {
  const spans = spansOf(text);
  for (let known = place; known !== ''; known = known.replace(/(?: .*|\[\d+\]|(?:^|\.)[^.[\] ]*|.)$/s, '')) {
    const span = spans.get(known);
    if (span) return { ...span, line: lineOf(text, span.from) };
  }
  return undefined;
}

const STRING = /"(?:[^"\\]|\\.)*"/y;
const PLAIN = /[^\s,\]}]+/y;
const SPACE = /\s*/y;

/** Of all values of a JSON text, by their places; of an object's with their names. */
function spansOf(text: string): Map<string, Pick<Span, 'from' | 'to'>> {
  const spans = new Map<string, Pick<Span, 'from' | 'to'>>();
  let at = 0;
  const take = (pattern: RegExp): string => {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0] ?? '';
    at += found.length;
    return found;
  };
  const value = (place: string, depth: number, from: number): void => {
    if (depth > MAX_DEPTH) return void (at = text.length);
    const opened = text[at];
    if (opened === '"') take(STRING);
    else if (opened === '{' || opened === '[') {
      at++;
      for (let i = 0; ; i++) {
        take(SPACE);
        const begins = at;
        if (at >= text.length || text[at] === '}' || text[at] === ']') break;
        if (opened === '{') {
          const name = nameOf(take(STRING));
          take(SPACE);
          if (text[at] !== ':') return void (at = text.length);
          at++;
          take(SPACE);
          value(place === '' ? name : `${place}.${name}`, depth + 1, begins);
        } else value(`${place}[${i}]`, depth + 1, begins);
        take(SPACE);
        if (text[at] === ',') at++;
        else break;
      }
      at++;
    } else take(PLAIN);
    spans.set(place, { from, to: Math.min(at, text.length) });
  };
  take(SPACE);
  value('', 0, at);
  return spans;
}

function nameOf(quoted: string): string {
  try {
    return String(JSON.parse(quoted));
  } catch {
    return quoted;
  }
}
