/**
 * String equivalence of LaTeX answers, as the evaluation code of MATH has it (Hendrycks et al. 2021, "Measuring Mathematical Problem
 * Solving With the MATH Dataset") and lm-evaluation-harness after it. Both answers are written in one form, then compared:
 *
 *   taken out     line feeds, \!, \left, \right, ^\circ, \$, \%, spaces, and all from "\text{ " on, which says a unit
 *   made alike    \\ is \, tfrac and dfrac are frac, .5 is 0.5, "x=" before the answer goes, \sqrt2 is \sqrt{2}, \frac12 is
 *                 \frac{1}{2}, 0.5 is \frac{1}{2}, a/b of two integers is \frac{a}{b}
 *
 * Where that fails (two units, a/b of something else, nothing behind \sqrt or \frac) the texts are compared as they stand: so do the
 * originals, whose functions raise there.
 */
import { decimalDigit } from '../python/numbers.ts';
import { strip } from '../python/text.ts';

/** Whether two answers are the same. */
export function isEquivalent(a: string, b: string): boolean {
  const [formA, formB] = [normalForm(a), normalForm(b)];
  return formA === undefined || formB === undefined ? a === b : formA === formB;
}

/** The last `\boxed{…}` with its braces balanced, or `\boxed …` up to a dollar sign, or `\fbox{…}`; undefined without one. */
export function lastBoxed(text: string): string | undefined {
  const open = text.lastIndexOf('\\boxed ');
  if (open >= 0) return text.slice(open).split('$', 1)[0]!;
  const boxed = text.lastIndexOf('\\boxed');
  const from = boxed >= 0 ? boxed : text.lastIndexOf('\\fbox');
  if (from < 0) return undefined;
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    if (text[at] === '{') depth++;
    else if (text[at] === '}' && --depth === 0) return text.slice(from, at + 1);
  }
  return undefined;
}

/** What stands in the last box; undefined without one. The originals take no \fbox apart; here it counts as a box, too. */
export function boxedAnswer(text: string): string | undefined {
  const box = lastBoxed(text);
  if (box === undefined) return undefined;
  if (box.startsWith('\\boxed ')) return box.slice('\\boxed '.length);
  const [, inside] = /^\\(?:boxed|fbox)\{([^]*)\}$/.exec(box) ?? [];
  return inside;
}

const DROPPED_FIRST = ['\n', '\\!'];
const DROPPED = ['\\left', '\\right', '^{\\circ}', '^\\circ', '\\$'];

/** The one form of an answer, or undefined where the originals raise. */
function normalForm(answer: string): string | undefined {
  let text = without(answer, DROPPED_FIRST).replaceAll('\\\\', '\\').replaceAll('tfrac', 'frac').replaceAll('dfrac', 'frac');
  const [value, ...units] = without(text, DROPPED).split('\\text{ ');
  if (units.length > 1) return undefined;
  text = value!.replaceAll('\\%', '').replaceAll(' .', ' 0.').replaceAll('{.', '{0.');
  if (text === '') return text;
  if (text.startsWith('.')) text = `0${text}`;
  text = withoutName(text);
  const roots = fixRoots(text);
  if (roots === undefined) return undefined;
  const fractions = fixFractions(roots.replaceAll(' ', ''));
  if (fractions === undefined) return undefined;
  return fixSlash(fractions === '0.5' ? '\\frac{1}{2}' : fractions);
}

const without = (text: string, parts: readonly string[]): string => parts.reduce((left, part) => left.replaceAll(part, ''), text);

/** "k=5" is 5: a name of at most two characters before the only equals sign. */
function withoutName(text: string): string {
  const [name, value, ...more] = text.split('=');
  return value !== undefined && more.length === 0 && Array.from(name!.slice(0, 5)).length <= 2 ? value : text;
}

/** \sqrt2 becomes \sqrt{2}. */
function fixRoots(text: string): string | undefined {
  const [head, ...parts] = text.split('\\sqrt');
  if (parts.includes('')) return undefined;
  return head! + parts.map((part) => (part.startsWith('{') ? `\\sqrt${part}` : `\\sqrt{${firstOf(part)}}${afterFirst(part)}`)).join('');
}

/** \frac12 and \frac1{2} become \frac{1}{2}; a \frac with one character behind it leaves the whole text as it is. */
function fixFractions(text: string): string | undefined {
  const [head, ...parts] = text.split('\\frac');
  const fixed: string[] = [head!];
  for (const part of parts) {
    if (part === '') return undefined;
    if (part.startsWith('{')) {
      fixed.push(`\\frac${part}`);
      continue;
    }
    const rest = afterFirst(part);
    if (rest === '') return text;
    const below = rest.startsWith('{') ? rest : `{${firstOf(rest)}}${afterFirst(rest)}`;
    fixed.push(`\\frac{${firstOf(part)}}${below}`);
  }
  return fixed.join('');
}

const firstOf = (text: string): string => String.fromCodePoint(text.codePointAt(0)!);
const afterFirst = (text: string): string => text.slice(firstOf(text).length);

/** a/b of two integers, as Python writes them, becomes \frac{a}{b}. */
function fixSlash(text: string): string | undefined {
  const parts = text.split('/');
  if (parts.length !== 2) return text;
  const [above, below] = parts as [string, string];
  if (!isInteger(above) || !isInteger(below)) return undefined;
  return isPlain(above) && isPlain(below) ? `\\frac{${above}}{${below}}` : text;
}

/** Python reads no longer ones. */
const MAX_DIGITS = 4300;

/** Whether `int()` reads it. */
function isInteger(text: string): boolean {
  const ascii = strip(text).replace(/\p{Nd}/gu, (digit) => String(decimalDigit(digit)));
  return /^[+-]?\d(?:_?\d)*$/.test(ascii) && ascii.replace(/\D/g, '').length <= MAX_DIGITS;
}

/** Whether `str()` writes the integer in this way. */
const isPlain = (integer: string): boolean => /^(?:0|-?[1-9][0-9]*)$/.test(integer);
