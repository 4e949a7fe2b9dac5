/** How machine translation cuts a text into words before it counts them. */
import { SPACES, strip, words } from '../python/text.ts';

const MARKS = /[{-~[-` -&(-+:-@/]/g;
const ENTITIES = [
  ['&quot;', '"'],
  ['&amp;', '&'],
  ['&lt;', '<'],
  ['&gt;', '>'],
] as const;

const withoutEntities = (text: string): string => ENTITIES.reduce((left, [entity, char]) => left.replaceAll(entity, char), text);

/** A point or comma stands alone unless it is between digits, a dash after a digit does. */
const apartFromDigits = (text: string): string =>
  text
    .replace(/([^0-9])([.,])/gu, '$1 $2 ')
    .replace(/([.,])([^0-9])/gu, ' $1 $2')
    .replace(/([0-9])(-)/g, '$1 $2 ');

/** 13a: what NIST's mteval-v13a does, as sacrebleu has it. */
export function tokenize13a(text: string): string[] {
  const joined = text.replaceAll('<skipped>', '').replaceAll('-\n', '').replaceAll('\n', ' ');
  return [...words(apartFromDigits(` ${withoutEntities(joined)} `.replace(MARKS, ' $& ')))];
}

export interface TercomOptions {
  normalized: boolean;
  no_punct: boolean;
  case_sensitive: boolean;
}

/** Tercom's normaliser, as sacrebleu has it, without its rules for Asian scripts. */
export function tokenizeTercom(text: string, { normalized, no_punct: noMarks, case_sensitive: hasCase }: TercomOptions): string[] {
  let tokens = hasCase ? text : text.toLowerCase();
  if (normalized) tokens = normalizeTercom(tokens);
  return [...words(noMarks ? tokens.replace(/[.,?:;!"()]/g, '') : tokens)];
}

function normalizeTercom(text: string): string {
  // Only its end is stripped: a line feed at the begin may belong to a dash.
  const joined = withoutEntities(strip(`x${text}`).slice(1).replaceAll('\n-', '').replaceAll('\n', ' '));
  const marked = ` ${joined} `.replace(MARKS, ' $& ').replaceAll("'s ", " 's ");
  return apartFromDigits(marked).replace(new RegExp(`[${SPACES}]+`, 'gu'), ' ');
}
