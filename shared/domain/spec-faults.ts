/** From zod's issues to faults that a person can act upon: place, the value found, what to write instead. */
import type { z } from 'zod';
import type { Fault } from './errors.ts';
import { nearestName } from './nearest-name.ts';

/** A fault with the path of keys and indexes at which it lies, so that a text parser can say line and column. */
export interface PlacedFault extends Fault {
  path: readonly PropertyKey[];
}

type Issue = z.core.$ZodIssue;
/** What of a schema's inside is looked at here. */
interface Definition {
  type: string;
  innerType?: { def: Definition };
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

export function faultsOf(issues: readonly Issue[], value: unknown, schema: z.ZodType, prefix: readonly PropertyKey[] = []): PlacedFault[] {
  return issues.flatMap((issue) => {
    const path = [...prefix, ...issue.path];
    const found = issue.path.reduce<unknown>((v, key) => (v as Record<PropertyKey, unknown> | undefined)?.[key], value);
    if (issue.code === 'unrecognized_keys')
      return issue.keys.map((key) => fault([...path, key], unknownKey(key, definitionAt(schema, issue.path))));
    return [fault(path, problemOf(issue, found))];
  });
}

const fault = (path: readonly PropertyKey[], problem: string): PlacedFault => ({ path, place: placeOfPath(path), problem });

function unknownKey(key: string, definition: Definition | undefined): string {
  const known = Object.keys(definition?.shape ?? {});
  const near = nearestName(key, known);
  return `there is no field "${key}" here; ${near ? `did you mean "${near}"?` : known.length > 0 ? `known are ${known.join(', ')}` : 'take it out'}`;
}

/** What a zod issue says, with the value found. */
function problemOf(issue: Issue, found: unknown): string {
  switch (issue.code) {
    case 'invalid_type':
      if (found === undefined) return `is missing; give it ${kindOf(issue.expected)}`;
      return `is ${showValue(found)}, must be ${kindOf(issue.expected)}`;
    case 'invalid_value': {
      const near = typeof found === 'string' ? nearestName(found, issue.values.map(String)) : undefined;
      return `is ${showValue(found)}, must be one of ${issue.values.map(String).join(', ')}${near ? `; did you mean ${near}?` : ''}`;
    }
    case 'too_small':
    case 'too_big':
      return `is ${showValue(found)}, ${boundOf(issue, found)}`;
    case 'invalid_union':
      return `is ${showValue(found)}, must be ${issue.errors.flatMap((e) => e.map((i) => (i.code === 'invalid_type' ? kindOf(i.expected) : i.message))).join(' or ')}`;
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

/** The definition that a path leads to, through defaults and optionals. */
function definitionAt(schema: z.ZodType, path: readonly PropertyKey[]): Definition | undefined {
  let definition: Definition | undefined = unwrap(schema.def);
  for (const key of path) {
    const next: { def: Definition } | undefined =
      typeof key === 'number' ? definition?.element : (definition?.shape?.[String(key)] ?? definition?.valueType);
    definition = next && unwrap(next.def);
  }
  return definition;
}

function unwrap(definition: Definition): Definition {
  let inner = definition;
  while (inner.innerType) inner = inner.innerType.def;
  return inner;
}
