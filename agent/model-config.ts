/** The `models` list of agent.yaml: what it may say, and its entries with their keys read. */
import { z } from 'zod';
import { PROVIDER_NAMES } from './models/registry.ts';
import type { AdaptiveBounds } from './models/adaptive-limit.ts';
import type { ModelEntry } from './models/provider.ts';
import type { Fault } from '../shared/domain/errors.ts';
import { faultsOf } from '../shared/domain/spec-faults.ts';
import { capSchema, inMicroUsd } from './cap-config.ts';
import { keyFields, readKey } from './key-config.ts';

const connections = z.int().min(1).max(10_000);
const entrySchema = z.strictObject({
  match: z.string().min(1).max(200),
  provider: z.string().min(1).optional(),
  base_url: z.string().min(1).optional(),
  ...keyFields,
  max_connections: z
    .union([
      connections,
      z.strictObject({
        adaptive: z.strictObject({ min: connections.default(1), start: connections.optional(), max: connections.default(200) }),
      }),
    ])
    .default(10),
  look_ahead: z.int().min(0).max(10_000).optional(),
  spend_per_day: capSchema.optional(),
  endpoint: z.enum(['chat', 'completions']).optional(),
  stream: z.boolean().optional(),
  /** Seconds. */
  idle_timeout: z.number().positive().max(86_400).optional(),
  options: z.record(z.string(), z.unknown()).default({}),
});

const MAX_ENTRIES = 256;

export interface ModelSources {
  /** The value of `models`. */
  value: unknown;
  /** Where it stands: `agent.yaml: models`. */
  place: string;
  /** What relative paths start from. */
  folder: string;
  environment: Readonly<Record<string, string | undefined>>;
  fault: (place: string, problem: string) => void;
}

/** All entries that are right; the faults of the others go to `fault`. No fault shows a key. */
export function readModels({ value, place, folder, environment, fault }: ModelSources): ModelEntry[] {
  if (!Array.isArray(value) || value.length === 0 || value.length > MAX_ENTRIES) {
    fault(
      place,
      `must be a list of 1 to ${MAX_ENTRIES} entries; write \`- match: openai/*\` with \`provider\`, \`base_url\`, \`api_key_env\``,
    );
    return [];
  }
  const matches = new Set<string>();
  return value.flatMap((item: unknown, i) => {
    const at = (key: string): string => `${place}[${i}]${key === '' ? '' : `.${key}`}`;
    const parsed = entrySchema.safeParse(item);
    if (!parsed.success) {
      for (const { place: key, problem } of problemsOf(parsed.error, item)) fault(at(key), problem);
      return [];
    }
    const entry = parsed.data;
    if (matches.has(entry.match))
      fault(at('match'), `${JSON.stringify(entry.match)} stands there twice; give one entry more connections instead`);
    matches.add(entry.match);
    if (!/[/*]/.test(entry.match) || /\s/.test(entry.match))
      fault(at('match'), `${JSON.stringify(entry.match)} fits no model; write provider/name, with * for anything: openai/*, vllm/llama-3`);
    const adaptive = adaptiveOf(entry.max_connections, (key, problem) => fault(at(`max_connections.adaptive.${key}`), problem));
    const maxConnections = adaptive?.max ?? (entry.max_connections as number);
    const provider = entry.provider ?? entry.match.split('/')[0]!;
    if (!PROVIDER_NAMES.includes(provider)) {
      fault(
        at('provider'),
        `${entry.provider === undefined ? 'is missing' : `${JSON.stringify(provider)} is not known`}; write one of ${PROVIDER_NAMES.join(', ')}`,
      );
    }
    const apiKey = readKey(entry, { at, folder, environment, fault });
    return [
      {
        match: entry.match,
        provider,
        maxConnections,
        lookAhead: entry.look_ahead ?? Math.max(2, Math.ceil(maxConnections / 4)),
        ...(adaptive ? { adaptive } : {}),
        options: entry.options,
        ...(entry.base_url === undefined ? {} : { baseUrl: entry.base_url }),
        ...(apiKey === undefined ? {} : { apiKey }),
        ...(entry.spend_per_day === undefined ? {} : { spendPerDay: inMicroUsd(entry.spend_per_day) }),
        ...(entry.endpoint === undefined ? {} : { endpoint: entry.endpoint }),
        ...(entry.stream === undefined ? {} : { stream: entry.stream }),
        ...(entry.idle_timeout === undefined ? {} : { idleTimeoutMs: entry.idle_timeout * 1000 }),
      },
    ];
  });
}

const START = 20;

/** undefined: the number stands. */
function adaptiveOf(
  connectionsOf: z.infer<typeof entrySchema>['max_connections'],
  fault: (key: string, problem: string) => void,
): AdaptiveBounds | undefined {
  if (typeof connectionsOf === 'number') return undefined;
  const { min, max, start = Math.max(min, Math.min(START, max)) } = connectionsOf.adaptive;
  if (min > max) fault('min', `is ${min}, above max, ${max}; write a smaller one`);
  else if (start < min || start > max)
    fault('start', `is ${start}, and not within min and max, ${min} … ${max}; write one that is, or leave it out`);
  return { min, start, max };
}

/** A key that stands in the file by mistake is not repeated. */
const problemsOf = (error: z.ZodError, item: unknown): Fault[] =>
  faultsOf(error.issues, item, entrySchema).map(({ place, problem }) => ({
    place,
    problem:
      place === 'api_key'
        ? 'keys do not belong into this file; name where it lies: api_key_env, api_key_file, api_key_credential or api_key_command'
        : problem,
  }));
