/** Judges a value by a JSON Schema, for tests: the keywords that the spec's schema uses, and a fault for any other one. */

type Schema = Record<string, unknown>;

/** Words that say nothing by themselves about what is valid. */
const SILENT = new Set(['$schema', '$id', '$defs', 'title', 'description', 'default', 'then']);

const KEYWORDS: Record<string, (value: unknown, rule: never, schema: Schema, root: Schema) => boolean> = {
  type: (value, rule: string | string[]) => [rule].flat().some((type) => isOfType(value, type)),
  enum: (value, rule: unknown[]) => rule.includes(value),
  const: (value, rule: unknown) => value === rule,
  pattern: (value, rule: string) => typeof value !== 'string' || new RegExp(rule, 'u').test(value),
  minLength: (value, rule: number) => typeof value !== 'string' || value.length >= rule,
  maxLength: (value, rule: number) => typeof value !== 'string' || value.length <= rule,
  minimum: (value, rule: number) => typeof value !== 'number' || value >= rule,
  maximum: (value, rule: number) => typeof value !== 'number' || value <= rule,
  exclusiveMinimum: (value, rule: number) => typeof value !== 'number' || value > rule,
  exclusiveMaximum: (value, rule: number) => typeof value !== 'number' || value < rule,
  minItems: (value, rule: number) => !Array.isArray(value) || value.length >= rule,
  maxItems: (value, rule: number) => !Array.isArray(value) || value.length <= rule,
  items: (value, rule: Schema, _, root) => !Array.isArray(value) || value.every((item) => fits(item, rule, root)),
  required: (value, rule: string[]) => !isObject(value) || rule.every((key) => key in value),
  minProperties: (value, rule: number) => !isObject(value) || Object.keys(value).length >= rule,
  maxProperties: (value, rule: number) => !isObject(value) || Object.keys(value).length <= rule,
  properties: (value, rule: Record<string, Schema>, _, root) =>
    !isObject(value) || Object.keys(rule).every((key) => !(key in value) || fits(value[key], rule[key]!, root)),
  propertyNames: (value, rule: Schema, _, root) => !isObject(value) || Object.keys(value).every((key) => fits(key, rule, root)),
  additionalProperties: (value, rule: Schema | boolean, { properties = {} }, root) =>
    !isObject(value) ||
    Object.keys(value).every(
      (key) => Object.hasOwn(properties as object, key) || (typeof rule === 'boolean' ? rule : fits(value[key], rule, root)),
    ),
  allOf: (value, rule: Schema[], _, root) => rule.every((one) => fits(value, one, root)),
  anyOf: (value, rule: Schema[], _, root) => rule.some((one) => fits(value, one, root)),
  not: (value, rule: Schema, _, root) => !fits(value, rule, root),
  if: (value, rule: Schema, { then }, root) => !fits(value, rule, root) || fits(value, then as Schema, root),
  $ref: (value, rule: string, _, root) => fits(value, (root['$defs'] as Record<string, Schema>)[rule.replace('#/$defs/', '')]!, root),
};

/** `root`: whose `$defs` are meant. */
export function fits(value: unknown, schema: Schema, root: Schema = schema): boolean {
  return Object.entries(schema).every(([keyword, rule]) => {
    if (SILENT.has(keyword)) return true;
    const judge = KEYWORDS[keyword];
    if (!judge) throw new Error(`the keyword ${keyword} is not known here; add it`);
    return judge(value, rule as never, schema, root);
  });
}

/** Keywords anywhere in a schema that `fits` does not know: a value seldom reaches all of its branches. */
export function unknownKeywords(schema: Schema): string[] {
  return Object.entries(schema).flatMap(([keyword, rule]) => [
    ...(SILENT.has(keyword) || keyword in KEYWORDS ? [] : [keyword]),
    ...schemasUnder(keyword, rule).flatMap(unknownKeywords),
  ]);
}

function schemasUnder(keyword: string, rule: unknown): Schema[] {
  if (['$defs', 'properties'].includes(keyword)) return Object.values(rule as Record<string, Schema>);
  return ['allOf', 'anyOf', 'items', 'propertyNames', 'additionalProperties', 'not', 'if', 'then'].includes(keyword)
    ? [rule].flat().filter(isObject)
    : [];
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

function isOfType(value: unknown, type: string): boolean {
  if (type === 'null') return value === null;
  if (type === 'array') return Array.isArray(value);
  if (type === 'object') return isObject(value);
  return type === 'integer' ? Number.isInteger(value) : typeof value === type;
}
