/** From zod's issues to faults that a person can act upon: place, the value found, what to write instead. */
import type { z } from 'zod';
import type { Fault } from './errors.ts';
import { nearestName } from './nearest-name.ts';

/** A fault with the path of keys and indexes at which it lies, so that a text parser can say line and column. */
export interface PlacedFault extends Fault {
  path: readonly PropertyKey[];
  /** The field whose absence it is about: where that one is there and wrong, this is no fault of its own. */
  lacks?: readonly PropertyKey[];
  /** Of an unknown field: the one that was probably meant, whose absence is the same mistake. */
  meant?: readonly PropertyKey[];
}

type Issue = z.core.$ZodIssue;
/** What of a schema's inside is looked at here. */
interface Definition {
  type: string;
  innerType?: { def: Definition };
  /** Of a transform: what goes in. */
  in?: { def: Definition };
  options?: { def: Definition }[];
  element?: { def: Definition };
  valueType?: { def: Definition };
  shape?: Record<string, { def: Definition }>;
}

/** `benchmarks[0].dataset.limit`. */
export function placeOfPath(path: readonly PropertyKey[]): string {
  let place = '';
  for (const key of path) place += typeof key === 'number' ? `[${key}]` : `${place ? '.' : ''}${String(key)}`;
  return place;
}

/** A value for a message: its JSON, cut. */
export function showValue(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  const text = typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? String(value));
  return text.length <= 60 ? text : `${text.slice(0, 57)}…`;
}

/** A name alone stands for `{name}`: what is wrong with the name lies there. */
export function inText(fault: PlacedFault, value: unknown): PlacedFault {
  if (fault.path.at(-1) !== 'name') return fault;
  const path = fault.path.slice(0, -1);
  const owner = path.reduce<unknown>((v, key) => (v as Record<PropertyKey, unknown> | undefined)?.[key], value);
  return typeof owner === 'string' ? { ...fault, path, place: placeOfPath(path) } : fault;
}

export function faultsOf(issues: readonly Issue[], value: unknown, schema: z.ZodType, prefix: readonly PropertyKey[] = []): PlacedFault[] {
  const faults = issues.flatMap((issue) => issueFaults(issue, value, schema.def, prefix));
  const meant = new Set(faults.flatMap((one) => (one.meant ? [placeOfPath(one.meant)] : [])));
  return faults.filter(({ place, problem }) => !(meant.has(place) && problem.startsWith(MISSING)));
}

const MISSING = 'is missing; ';

function issueFaults(issue: Issue, value: unknown, definition: Definition, prefix: readonly PropertyKey[]): PlacedFault[] {
  const path = [...prefix, ...issue.path];
  const found = issue.path.reduce<unknown>((v, key) => (v as Record<PropertyKey, unknown> | undefined)?.[key], value);
  const inside = definitionAt(definition, issue.path);
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(key, path, inside));
  const meant = issue.code === 'invalid_union' ? meantOption(issue.errors) : undefined;
  // Of several forms that a field may have, the one that was tried says more than that none fits.
  if (meant && inside) return meant.flatMap((inner) => issueFaults(inner, found, inside, path));
  return [fault(path, problemOf(issue, found))];
}

/** The issues of the only form that is of the value's kind, or of the one that comes nearest; undefined if none is of its kind. */
function meantOption(options: readonly (readonly Issue[])[]): readonly Issue[] | undefined {
  const ofKind = options.filter((issues) => !issues.some((issue) => issue.code === 'invalid_type' && issue.path.length === 0));
  return ofKind.toSorted((a, b) => a.length - b.length)[0];
}

const fault = (path: readonly PropertyKey[], problem: string): PlacedFault => ({ path, place: placeOfPath(path), problem });

function unknownKey(key: string, path: readonly PropertyKey[], definition: Definition | undefined): PlacedFault {
  const at = [...path, key];
  if (key === 'extends' && path.length === 0) return fault(at, 'is resolved by the client before it submits; send the composed spec');
  const known = Object.keys((definition && unwrap(definition, OBJECTS))?.shape ?? {});
  const near = nearestName(key, known);
  if (near) return { ...fault(at, `there is no field "${key}" here; did you mean "${near}"?`), meant: [...path, near] };
  return fault(at, `there is no field "${key}" here; ${known.length > 0 ? `known are ${known.join(', ')}` : 'take it out'}`);
}

/** What a zod issue says, with the value found. */
function problemOf(issue: Issue, found: unknown): string {
  switch (issue.code) {
    case 'invalid_type':
      if (found === undefined) return `${MISSING}give it ${kindOf(issue.expected)}`;
      return `is ${showValue(found)}, must be ${kindOf(issue.expected)}`;
    case 'invalid_value': {
      const near = typeof found === 'string' ? nearestName(found, issue.values.map(String)) : undefined;
      return `is ${showValue(found)}, must be one of ${issue.values.map(String).join(', ')}${near ? `; did you mean ${near}?` : ''}`;
    }
    case 'too_small':
    case 'too_big':
      return `is ${showValue(found)}, ${boundOf(issue, found)}`;
    case 'invalid_union':
      return `is ${showValue(found)}, must be ${issue.message === 'Invalid input' ? kindsOf(issue.errors) : issue.message}`;
    case 'invalid_format':
      if (issue.message.startsWith('Invalid')) return `is ${showValue(found)}, which is not of the form wanted here`;
      return `is ${showValue(found)}, ${issue.message.startsWith('must') ? '' : 'which '}${issue.message}`;
    case 'invalid_key':
      return `has the name ${showValue(issue.path.at(-1))}, which is not valid: ${issue.issues.map((inner) => problemOf(inner, issue.path.at(-1))).join(', ')}`;
    case 'custom':
      return issue.message === 'Invalid input' ? `is ${showValue(found)}, which is not valid here` : issue.message;
    default:
      return `is ${showValue(found)}: ${issue.message}`;
  }
}

function boundOf(issue: Extract<Issue, { code: 'too_small' | 'too_big' }>, found: unknown): string {
  const small = issue.code === 'too_small';
  const bound = small ? issue.minimum : issue.maximum;
  const limit = `${issue.inclusive === false ? (small ? 'more than' : 'less than') : small ? 'at least' : 'at most'} ${bound}`;
  if (typeof found === 'string') return `must have ${limit} character${bound === 1 ? '' : 's'}`;
  return Array.isArray(found) ? `must have ${limit} item${bound === 1 ? '' : 's'} (it has ${found.length})` : `must be ${limit}`;
}

const kindsOf = (options: readonly (readonly Issue[])[]): string =>
  options.flatMap((issues) => issues.map((issue) => (issue.code === 'invalid_type' ? kindOf(issue.expected) : issue.message))).join(' or ');

const KINDS: Record<string, string> = {
  string: 'text',
  int: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object with named fields',
  record: 'an object with named values',
};
const kindOf = (expected: string): string => KINDS[expected] ?? `a value of type ${expected}`;

/** The definition that a path leads to, through defaults and optionals; of several forms the one that has such a key. */
function definitionAt(start: Definition, path: readonly PropertyKey[]): Definition | undefined {
  let definition: Definition | undefined = start;
  for (const key of path) {
    const outer: Definition | undefined = definition && unwrap(definition, typeof key === 'number' ? LISTS : OBJECTS);
    const next: { def: Definition } | undefined =
      typeof key === 'number' ? outer?.element : (outer?.shape?.[String(key)] ?? outer?.valueType);
    definition = next?.def;
  }
  return definition;
}

const LISTS = ['array'];
const OBJECTS = ['object', 'record'];

/** What is inside of defaults and optionals; of several forms the first of these kinds. */
function unwrap(definition: Definition, kinds: readonly string[]): Definition {
  let inner = definition;
  for (;;) {
    const next: { def: Definition } | undefined =
      inner.innerType ?? inner.in ?? inner.options?.find((option) => kinds.includes(unwrap(option.def, kinds).type));
    if (!next) return inner;
    inner = next.def;
  }
}
