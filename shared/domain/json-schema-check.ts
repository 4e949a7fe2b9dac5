/** Whether an object is a JSON Schema that an endpoint may take for an answer. Endpoints know different parts: only plain slips are found. */
import { nearestName } from './nearest-name.ts';
import { showValue } from './spec-faults.ts';

const TYPES = ['object', 'array', 'string', 'number', 'integer', 'boolean', 'null'];
/** One of them says what is allowed. */
const SAYING = ['type', 'properties', 'items', '$ref', 'anyOf', 'oneOf', 'allOf', 'enum', 'const'];
const OF_NAMES = ['properties', '$defs', 'definitions'];
const OF_LISTS = ['anyOf', 'oneOf', 'allOf', 'prefixItems'];
const OF_ONE = ['items', 'additionalProperties', 'not'];

interface Wrong {
  path: PropertyKey[];
  problem: string;
}

/** The first slip, with its place within the schema. */
export function responseSchemaFault(schema: Record<string, unknown>): Wrong | undefined {
  if (!SAYING.some((key) => Object.hasOwn(schema, key)))
    return {
      path: [],
      problem: 'says nothing about the answer; write a JSON Schema such as {type: object, properties: {answer: {type: number}}}',
    };
  return schemaFault(schema);
}

function schemaFault(schema: unknown): Wrong | undefined {
  if (typeof schema === 'boolean') return undefined;
  if (!isObject(schema)) return { path: [], problem: `is ${showValue(schema)}, must be a JSON Schema: an object` };
  return typeFault(schema['type']) ?? requiredFault(schema) ?? innerFault(schema);
}

function typeFault(type: unknown): Wrong | undefined {
  if (type === undefined) return undefined;
  const wrong = [type].flat().find((one) => !TYPES.includes(one as string));
  if (wrong === undefined) return undefined;
  const near = typeof wrong === 'string' ? nearestName(wrong, TYPES) : undefined;
  return { path: ['type'], problem: `is ${showValue(wrong)}, must be one of ${TYPES.join(', ')}${near ? `; did you mean ${near}?` : ''}` };
}

function requiredFault({ required }: Record<string, unknown>): Wrong | undefined {
  if (required === undefined || (Array.isArray(required) && required.every((name) => typeof name === 'string'))) return undefined;
  return { path: ['required'], problem: `is ${showValue(required)}, must be a list of names` };
}

function innerFault(schema: Record<string, unknown>): Wrong | undefined {
  for (const key of [...OF_NAMES, ...OF_LISTS, ...OF_ONE]) {
    const value = schema[key];
    if (value === undefined) continue;
    const isWrongKind = OF_NAMES.includes(key) ? !isObject(value) : OF_LISTS.includes(key) && !Array.isArray(value);
    if (isWrongKind)
      return {
        path: [key],
        problem: `is ${showValue(value)}, must be ${OF_NAMES.includes(key) ? 'an object of schemas by name' : 'a list of schemas'}`,
      };
    const inner: [PropertyKey[], unknown][] = OF_ONE.includes(key)
      ? [[[key], value]]
      : Object.entries(value as object).map(([name, one]) => [[key, Array.isArray(value) ? Number(name) : name], one]);
    for (const [path, one] of inner) {
      const wrong = schemaFault(one);
      if (wrong) return { ...wrong, path: [...path, ...wrong.path] };
    }
  }
  return undefined;
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
