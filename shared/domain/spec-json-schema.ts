/**
 * The spec as a JSON Schema, for editors: fields, values and what they mean, the arguments of each scorer, filter, metric and solver. What only
 * the parser can know (templates, patterns, names that must be unique) is not in it. `docs/spec.schema.json` is its copy.
 */
import { z } from 'zod';
import { filterArgs, specFilterNames } from '../scoring/filters/registry.ts';
import { metricArgs, metricNames } from '../scoring/metrics/registry.ts';
import { scorerArgs, scorerNames } from '../scoring/registry.ts';
import { solverArgs, solverNames } from './solvers.ts';
import { CHAIN_NAME, MAX_FILTERS, metricSchema, scorerSchema, solverSchema, specSchema } from './spec-schema.ts';

type JsonSchema = Record<string, unknown>;

const DIGEST = '^sha256:[0-9a-f]{64}$';

/** Draft 2020-12. The composed form is meant: a file that `extends` others may leave out what they say. */
export function specJsonSchema(): JsonSchema {
  const { $schema, properties, required, ...rest } = toJson(specSchema) as JsonSchema & { properties: JsonSchema; required: string[] };
  return {
    $schema,
    $id: 'urn:assay:spec:v1',
    title: 'Assay evaluation spec',
    description: 'What is evaluated: benchmarks, models, and how often.',
    ...rest,
    properties: { extends: EXTENDS, ...properties },
    // A base may say what the file leaves out.
    if: { not: { required: ['extends'] } },
    // oxlint-disable-next-line unicorn/no-thenable -- a keyword of JSON Schema
    then: { required },
    $defs: { filters: filtersSchema() },
  };
}

/** A chain, or named chains. Written once: every scorer has them. */
function filtersSchema(): JsonSchema {
  const chain = { type: 'array', items: { anyOf: pluginSchemas(FILTERS) }, minItems: 1, maxItems: MAX_FILTERS };
  return {
    description:
      'What is done to a completion before it is scored: a list, or an object of named lists of which each makes a row of its own',
    anyOf: [
      chain,
      {
        type: 'object',
        propertyNames: { type: 'string', pattern: CHAIN_NAME.source },
        additionalProperties: chain,
        minProperties: 1,
        maxProperties: MAX_FILTERS,
      },
    ],
  };
}

/** The same, or a list of it. */
function severalOf(schema: JsonSchema): void {
  const { type, minLength, maxLength } = schema;
  const one = { type, minLength, maxLength };
  for (const key of Object.keys(one)) delete schema[key];
  schema['anyOf'] = [one, { type: 'array', items: one, minItems: 1 }];
}

const EXTENDS: JsonSchema = {
  description: 'Files that this one builds upon, as paths from it; resolved by the command line',
  anyOf: [
    { type: 'string', minLength: 1 },
    { type: 'array', items: { type: 'string', minLength: 1 }, minItems: 1 },
  ],
};

function toJson(schema: z.ZodType): JsonSchema {
  return z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema, path }) => {
      const plugin = PLUGINS.get(zodSchema);
      if (plugin) jsonSchema.anyOf = pluginSchemas(plugin);
      // Bounds of all whole numbers say nothing.
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
      // Several names are several benchmarks; made by the command line, as bases are.
      if (path.at(-1) === 'benchmark') severalOf(jsonSchema);
      if (path.at(-1) === 'digest') jsonSchema.pattern = DIGEST;
    },
  }) as JsonSchema;
}

interface Plugins {
  names(): string[];
  argsOf(name: string): z.ZodType | undefined;
  /** Beside name and args. */
  more?: JsonSchema;
}
const SCORERS: Plugins = { names: scorerNames, argsOf: scorerArgs, more: { filters: { $ref: '#/$defs/filters' } } };
const FILTERS: Plugins = { names: specFilterNames, argsOf: filterArgs };
const SOLVERS: Plugins = { names: solverNames, argsOf: solverArgs };
const METRICS: Plugins = { names: metricNames, argsOf: metricArgs };
const PLUGINS = new Map<unknown, Plugins>([
  [scorerSchema, SCORERS],
  [solverSchema, SOLVERS],
  [metricSchema, METRICS],
]);

/** A name alone, where no argument is required, or a name with its own arguments. */
function pluginSchemas({ names, argsOf, more = {} }: Plugins): JsonSchema[] {
  const kinds = names().map((name) => {
    const { $schema: _, ...args } = toJson(argsOf(name)!);
    return { name, args, needsArgs: Array.isArray(args['required']) && args['required'].length > 0 };
  });
  return [
    { type: 'string', enum: kinds.filter((kind) => !kind.needsArgs).map((kind) => kind.name) },
    ...kinds.map(({ name, args, needsArgs }) => ({
      type: 'object',
      properties: { name: { const: name }, args, ...more },
      required: needsArgs ? ['name', 'args'] : ['name'],
      additionalProperties: false,
    })),
  ];
}
