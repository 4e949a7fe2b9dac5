/** The keywords of JSON Schema about a value as a whole. A keyword says nothing about values of types that it is not for. */
import { RE2JS } from 're2js';
import { canonicalJson } from '../../domain/canonical-json.ts';
import { isPlainObject } from '../../domain/plain-object.ts';
import { must, spend, type Compiler, type Keyword, type Run } from './schema-judge.ts';

const TYPES: Record<string, (value: unknown) => boolean> = {
  null: (value) => value === null,
  boolean: (value) => typeof value === 'boolean',
  number: (value) => typeof value === 'number',
  integer: (value) => Number.isInteger(value),
  string: (value) => typeof value === 'string',
  array: (value) => Array.isArray(value),
  object: isPlainObject,
};

/** A keyword whose rule is a number. */
const bound =
  (measure: (value: unknown) => number | undefined, fits: (value: number, limit: number) => boolean, what: string): Keyword =>
  (limit: unknown, { refuse }) => {
    if (typeof limit !== 'number') return refuse('must be a number');
    return (value, run) => {
      const measured = measure(value);
      return measured === undefined || fits(measured, limit) ? undefined : must(run, `${what} ${limit}`);
    };
  };

const amount = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);
/** Code points, as the draft counts characters. */
const characters = (value: unknown): number | undefined =>
  typeof value === 'string' ? value.length - (value.match(/[\ud800-\udbff][\udc00-\udfff]/g)?.length ?? 0) : undefined;
const items = (value: unknown): number | undefined => (Array.isArray(value) ? value.length : undefined);
const members = (value: unknown): number | undefined => (isPlainObject(value) ? Object.keys(value).length : undefined);
const atLeast = (value: number, limit: number): boolean => value >= limit;
const atMost = (value: number, limit: number): boolean => value <= limit;

/** Characters that an expression reads, or that are made into canonical text, in the time of one step. */
const CHARS_PER_STEP = 16;

export function regexOf(source: unknown, { refuse }: Pick<Compiler, 'refuse'>): (text: string, run: Run) => boolean {
  if (typeof source !== 'string') return refuse('must be a regular expression');
  try {
    const regex = RE2JS.compile(RE2JS.translateRegExp(source));
    return (text, run) => {
      spend(run, text.length / CHARS_PER_STEP);
      return regex.matcher(text).find();
    };
  } catch (error) {
    return refuse(`is no regular expression that RE2 knows (${error instanceof Error ? error.message : String(error)})`);
  }
}

/** JSON text of which equal values have the same. */
export function textOf(value: unknown, run: Run): string {
  const text = canonicalJson(value);
  spend(run, text.length / CHARS_PER_STEP);
  return text;
}

export const VALUE_KEYWORDS: Readonly<Record<string, Keyword>> = {
  type: (rule: unknown, { refuse }) => {
    const types = [rule].flat();
    const judges = types.map((type) =>
      typeof type === 'string' && Object.hasOwn(TYPES, type) ? TYPES[type]! : refuse(`must be one of ${Object.keys(TYPES).join(', ')}`),
    );
    return (value, run) => (judges.some((fits) => fits(value)) ? undefined : must(run, `be of type ${types.join(' or ')}`));
  },
  enum: (rule: unknown, { refuse }) => {
    if (!Array.isArray(rule)) return refuse('must be a list');
    const texts = new Set(rule.map(canonicalJson));
    return (value, run) => (texts.has(textOf(value, run)) ? undefined : must(run, 'be one of the values that are listed'));
  },
  const: (rule: unknown, compiler) => VALUE_KEYWORDS['enum']!([rule] as never, compiler),

  minimum: bound(amount, atLeast, 'be at least'),
  maximum: bound(amount, atMost, 'be at most'),
  exclusiveMinimum: bound(amount, (value, limit) => value > limit, 'be above'),
  exclusiveMaximum: bound(amount, (value, limit) => value < limit, 'be below'),
  multipleOf: (rule: unknown, compiler) =>
    rule === 0
      ? compiler.refuse('must be above 0')
      : bound(amount, (value, limit) => Number.isInteger(value / limit), 'be a multiple of')(rule as never, compiler),
  minLength: bound(characters, atLeast, 'have a length of at least'),
  maxLength: bound(characters, atMost, 'have a length of at most'),
  minItems: bound(items, atLeast, 'have at least this many items:'),
  maxItems: bound(items, atMost, 'have at most this many items:'),
  minProperties: bound(members, atLeast, 'have at least this many members:'),
  maxProperties: bound(members, atMost, 'have at most this many members:'),
  pattern: (rule: unknown, compiler) => {
    const fits = regexOf(rule, compiler);
    return (value, run) => (typeof value !== 'string' || fits(value, run) ? undefined : must(run, `match ${String(rule)}`));
  },
};
