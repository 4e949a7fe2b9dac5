/**
 * How alike two JSON values are, from 0 to 1. Semantics of autoevals' `JSONDiff`:
 *
 *   objects          the mean over the keys of both; a key that one lacks is null there
 *   lists            the sum over the places that both have / the length of the longer one
 *   texts            1 − Levenshtein distance / characters of the longer one; a text that is a JSON object or list counts as that
 *   numbers          1 − |a − b| / (|a| + |b|)
 *   null             1 with null, 0 with anything else
 *   the rest         as texts: their JSON, keys sorted, without spaces
 *
 * Two empty objects, lists or texts, and two zeros, are alike: 1.
 */
import { canonicalJson } from '../../domain/canonical-json.ts';
import { isPlainObject } from '../../domain/plain-object.ts';
import { length, levenshtein } from '../text/levenshtein.ts';
import { parseJson } from './parse.ts';

/** Pairs of characters that are compared in all, about a second of work. */
const MAX_CELLS = 1e10;

/** Throws when the texts within are too long to compare. */
export function jsonSimilarity(a: unknown, b: unknown): number {
  let cells = 0;
  const textSimilarity = (x: string, y: string): number => {
    if (x === y) return 1;
    const longest = Math.max(length(x), length(y));
    cells += x.length * y.length;
    if (cells > MAX_CELLS) throw new Error('the texts in these JSON values are too long to compare');
    return 1 - levenshtein(x, y) / longest;
  };
  return similarity(a, b, textSimilarity);
}

function similarity(rawA: unknown, rawB: unknown, ofTexts: (a: string, b: string) => number): number {
  const [a, b] = [parsed(rawA), parsed(rawB)];
  const inner = (x: unknown, y: unknown): number => similarity(x, y, ofTexts);
  if (isPlainObject(a) && isPlainObject(b)) {
    const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])];
    return keys.length === 0 ? 1 : sum(keys.map((key) => inner(member(a, key), member(b, key)))) / keys.length;
  }
  if (Array.isArray(a) && Array.isArray(b)) {
    const longest = Math.max(a.length, b.length);
    return longest === 0 ? 1 : sum(a.slice(0, b.length).map((item, i) => inner(item, b[i]))) / longest;
  }
  if (typeof a === 'string' && typeof b === 'string') return ofTexts(a, b);
  if (typeof a === 'number' && typeof b === 'number') return numberSimilarity(a, b);
  if (a === null || b === null) return a === b ? 1 : 0;
  return ofTexts(canonicalJson(a), canonicalJson(b));
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
const member = (object: Record<string, unknown>, key: string): unknown => (Object.hasOwn(object, key) ? object[key] : null);

function numberSimilarity(a: number, b: number): number {
  if (a === b) return 1;
  // Halves, for the sum of two numbers can be beyond all numbers.
  return Number.isFinite(a) && Number.isFinite(b) ? 1 - Math.abs(a / 2 - b / 2) / (Math.abs(a / 2) + Math.abs(b / 2)) : 0;
}

/** The object or list that a text is; anything else as it stands. */
function parsed(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  const inside = /^\s*[[{]/.test(value) ? parseJson(value)?.value : undefined;
  return typeof inside === 'object' && inside !== null ? inside : value;
}
