/** docs/reference/spec.md from the JSON Schema of specs: each field by its path, then solvers, scorers, metrics and filters with their arguments. */
import { specJsonSchema } from '../shared/domain/spec-json-schema.ts';
import { cell, code, head, table } from './docs-markdown.ts';

interface Schema {
  type?: string | string[];
  const?: unknown;
  enum?: unknown[];
  description?: string;
  default?: unknown;
  properties?: Record<string, Schema>;
  required?: string[];
  then?: { required: string[] };
  items?: Schema;
  anyOf?: Schema[];
  oneOf?: Schema[];
  additionalProperties?: boolean | Schema;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  exclusiveMaximum?: number;
  minItems?: number;
  maxItems?: number;
  maxLength?: number;
  $defs?: Record<string, Schema>;
}

/** Parts with a heading of their own, by their path; the rest stands under the nearest one above. */
const PARTS: readonly (readonly [path: string, title: string])[] = [
  ['', 'The evaluation'],
  ['benchmarks[]', 'A benchmark'],
  ['benchmarks[].dataset', 'Its dataset'],
  ['benchmarks[].prompt', 'Its prompt'],
  ['models[]', 'A model'],
];
const CONFIG = 'generate_config';

export function specPage(): string {
  const schema = specJsonSchema() as Schema;
  const rows = fieldsOf(schema, '', new Set(schema.then?.required));
  const benchmark = schema.properties!['benchmarks']!.items!;
  const config = schema.properties!['models']!.items!.properties![CONFIG]!;
  const parts = PARTS.map(([path, title]) => {
    const own = rows.filter((row) => partOf(row.path) === path).map((row) => cells(row, path));
    return `\n## ${title}\n\n${table(HEAD, own)}`;
  });
  return [
    `${head('Fields of a spec', 'shared/domain/spec-json-schema.ts')}
What the fields are for, and examples: [the evaluation spec](../spec.md). The same as a [JSON Schema](../spec.schema.json).
`,
    ...parts,
    `\n## generate_config\n\nOf a model, or of a benchmark for all models.\n\n${table(
      HEAD,
      fieldsOf(config, '', new Set()).map((row) => cells(row, '')),
    )}`,
    plugins('Solvers', benchmark.properties!['solver']!),
    plugins('Scorers', benchmark.properties!['scorers']!.items!),
    plugins('Metrics', benchmark.properties!['metrics']!.items!),
    plugins('Filters', schema.$defs!['filters']!.anyOf!.find((form) => form.items)!.items!),
  ].join('');
}

const HEAD = ['field', 'type', 'default', 'meaning'];

interface Row {
  path: string;
  schema: Schema;
  required: boolean;
}

/** All fields below a schema, in its order. Plugins and `generate_config` have sections of their own. */
function fieldsOf(schema: Schema, above: string, required: ReadonlySet<string>): Row[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const path = above === '' ? name : `${above}.${name}`;
    const row = { path, schema: field, required: required.has(name) };
    if (name === CONFIG || name === 'solver' || name === 'scorers') return [row];
    const inner = [field, ...(field.anyOf ?? []), ...(field.oneOf ?? [])].find((s) => s.properties);
    if (inner) return [row, ...fieldsOf(inner, path, new Set(inner.required))];
    return field.items?.properties ? [row, ...fieldsOf(field.items, `${path}[]`, new Set(field.items.required))] : [row];
  });
}

const partOf = (path: string): string =>
  PARTS.map(([part]) => part)
    .filter((part) => part === '' || path.startsWith(`${part}.`))
    .at(-1)!;

function cells({ path, schema, required }: Row, part: string): string[] {
  const shown = part === '' ? path : path.slice(part.length + 1);
  const fallback = schema.default === undefined || isEmptyObject(schema.default) ? '' : code(JSON.stringify(schema.default));
  return [code(shown), cell(typeOf(schema)), required ? 'needed' : fallback, cell(schema.description ?? '')];
}

const isEmptyObject = (value: unknown): boolean => typeof value === 'object' && value !== null && Object.keys(value).length === 0;

/** A type in words, with its bounds. */
function typeOf(schema: Schema): string {
  if (typeof schema.const === 'string') return code(schema.const);
  if (schema.enum) return schema.enum.map((value) => code(String(value))).join(', ');
  const either = schema.anyOf ?? schema.oneOf;
  if (either) return [...new Set(either.map(typeOf))].join(' or ');
  if (Array.isArray(schema.type)) return schema.type.map((type) => typeOf({ type })).join(' or ');
  switch (schema.type) {
    case 'string':
      return schema.maxLength ? `text, at most ${schema.maxLength}` : 'text';
    case 'integer':
    case 'number':
      return [schema.type === 'integer' ? 'whole number' : 'number', range(schema)].filter(Boolean).join(' ');
    case 'boolean':
      return 'true or false';
    case 'array':
      return `list of ${schema.items?.properties ? 'objects' : typeOf(schema.items ?? {})}${schema.maxItems ? `, at most ${schema.maxItems}` : ''}`;
    case 'object':
      return schema.properties || !schema.additionalProperties ? 'object' : 'object of names and values';
    default:
      return 'JSON';
  }
}

function range({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: Schema): string {
  const from = exclusiveMinimum === undefined ? (minimum === undefined ? '' : `from ${minimum}`) : `above ${exclusiveMinimum}`;
  const to = exclusiveMaximum === undefined ? (maximum === undefined ? '' : `to ${maximum}`) : `below ${exclusiveMaximum}`;
  return [from, to].filter(Boolean).join(' ');
}

/** A name alone, or a name with arguments: the arguments of each. */
function plugins(title: string, { anyOf = [] }: Schema): string {
  const kinds = anyOf.filter((s) => s.properties?.['name']?.const !== undefined);
  if (kinds.length === 0) throw new Error(`the schema of ${title.toLowerCase()} has another form: see scripts/docs-spec.ts`);
  const sections = kinds.map(({ properties }) => {
    const args = properties!['args']!;
    const rows = fieldsOf(args, '', new Set(args.required)).map((row) => cells(row, ''));
    return `\n### ${title.replace(/s$/, '')} ${String(properties!['name']!.const)}\n\n${rows.length > 0 ? table(['argument', ...HEAD.slice(1)], rows) : 'No arguments.\n'}`;
  });
  return `\n## ${title}\n${sections.join('')}`;
}
