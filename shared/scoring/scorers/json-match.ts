/**
 * `json_match`: output and target are the same JSON; white space and the order of keys do not matter, that of lists does. Semantics of
 * OpenAI evals' `JsonMatch`: values are compared as Python does, so 1 is 1.0 and also true, integers to their last digit; null is a value
 * that is missing and equals nothing, not even null. An output that is no JSON is wrong, a target that is none an error.
 */
import { z } from 'zod';
import { isPlainObject } from '../../domain/plain-object.ts';
import { parseJson, parseTarget } from '../json/parse.ts';
import { shortAnswer, type ScorerKind } from '../scorer.ts';

const args = z.strictObject({
  null_matches: z.boolean().default(false).describe('null equals null. OpenAI evals has it that it never does'),
});

export const jsonMatch: ScorerKind<z.infer<typeof args>> = {
  args,
  create:
    ({ null_matches: nullMatches }) =>
    (output, targets) => {
      const wanted = targets.map((target) => parseTarget(target, wholeInteger));
      const found = parseJson(output, wholeInteger);
      const matched = found !== undefined && wanted.some((value) => isSame(found.value, value, nullMatches));
      return { value: matched ? 'C' : 'I', answer: shortAnswer(output), ...(found ? {} : { explanation: 'the output is no JSON' }) };
    },
};

/** An integer beyond 2^53 keeps its digits. */
const wholeInteger = (value: unknown, source: string | undefined): unknown =>
  typeof value === 'number' && !Number.isSafeInteger(value) && source !== undefined && /^-?\d+$/.test(source) ? BigInt(source) : value;

function isSame(a: unknown, b: unknown, nullMatches: boolean): boolean {
  if (a === null || b === null) return nullMatches && a === b;
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((item, i) => isSame(item, b[i], nullMatches));
  if (isPlainObject(a)) {
    const keys = Object.keys(a);
    return (
      isPlainObject(b) &&
      keys.length === Object.keys(b).length &&
      keys.every((key) => Object.hasOwn(b, key) && isSame(a[key], b[key], nullMatches))
    );
  }
  if (typeof a === 'string' || typeof b === 'string' || typeof b === 'object') return a === b;
  return isSameNumber(numberOf(a), numberOf(b));
}

const numberOf = (value: unknown): number | bigint => (typeof value === 'bigint' ? value : Number(value));

function isSameNumber(a: number | bigint, b: number | bigint): boolean {
  if (typeof a === typeof b) return a === b;
  const [whole, float] = typeof a === 'bigint' ? [a, b as number] : [b, a];
  return Number.isInteger(float) && BigInt(float) === whole;
}
