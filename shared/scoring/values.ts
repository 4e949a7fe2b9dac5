/** From a scorer's value to the number that metrics see. */
import { pythonFloat } from './python/numbers.ts';

const LETTERS = new Map([
  ['C', 1],
  ['P', 0.5],
  ['I', 0],
  ['N', 0],
]);
const WORDS = new Map([
  ['yes', 1],
  ['true', 1],
  ['no', 0],
  ['false', 0],
]);

/**
 * C → 1, P → 0.5, I and N → 0; numbers and booleans as they are; yes, true, no, false in any case; text that is a finite
 * number; any other text → 0. No value (null, NaN, infinite) → null: no verdict. As Inspect's `value_to_float`.
 */
export function valueToNumber(value: string | number | boolean | null): number | null {
  if (value === null) return null;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  return LETTERS.get(value) ?? WORDS.get(value.toLowerCase()) ?? pythonFloat(value) ?? 0;
}
