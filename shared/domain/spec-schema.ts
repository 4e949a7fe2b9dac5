/**
 * Fields that came after the first release are optional and stay absent when they are not written: so specs of before keep their
 * digest, and agents of before understand what they are sent. `spec-defaults.ts` says what an absent one means.
 *
 * What a researcher writes and a service submits: the evaluation spec. Field names are those of the file (snake_case),
 * Inspect's first, then lm-eval's. Unknown keys are refused. `docs/spec.md` is its manual; `spec.ts` parses.
 */
import { z } from 'zod';
import { REDUCER_PATTERN, reducerForms } from '../scoring/reducers.ts';
import { cacheSchema } from './cache-policy.ts';
import { isDigest } from './ids.ts';

const name = z.string().min(1).max(200);

const FIELD = "A field, a path (answers.text[0]), or a template over the line's fields ({{ a }} {{ b }})";
export const fieldsSchema = z.strictObject({
  input: z.string().default('input').describe(`Text, or a list of chat messages. ${FIELD}`),
  target: z.string().default('target').describe(`Text, or a list of texts of which any is right. ${FIELD}`),
  id: z.string().optional().describe(`Unique. By default the field id, else the sample's number. ${FIELD}`),
  choices: z.string().optional().describe(`A list of text. By default the field choices. ${FIELD}, which then makes JSON`),
  metadata: z.array(z.string()).default([]).describe('Names of fields that templates may need besides'),
});

export const DATASET_FORMATS = ['jsonl', 'json', 'csv', 'tsv'] as const;

export const datasetSchema = z.strictObject({
  uri: z.string().min(1).describe('file:PATH beside the spec (the client uploads it), https://…, or inline: and the content itself'),
  format: z.enum(DATASET_FORMATS).optional().describe("By default from the uri's ending; .gz and .zst after it are known as well"),
  digest: z
    .string()
    .refine(isDigest, 'is no digest; write sha256: and 64 hexadecimal digits, or leave it out')
    .optional()
    .describe('sha256:… of content that the store holds already; the uri is then only its name'),
  columns: z
    .array(z.string().regex(/\S/, 'must be a name'))
    .min(1)
    .max(1000)
    .optional()
    .describe('Of csv and tsv without a header: the names of the columns; examples in front of questions are read by them as well'),
  fields: fieldsSchema.prefault({}).describe("What a sample's parts are made of"),
  input_template: z.string().optional().describe('Liquid; makes the input from input, target, choices, id and metadata'),
  target_template: z.string().optional().describe('Liquid; makes each target, as input_template does'),
  limit: z.int().positive().optional().describe('Only the first ones'),
  ids: z
    .array(z.union([z.string(), z.number()]))
    .min(1)
    .optional()
    .describe('Only samples with these ids'),
  shuffle: z.int().nonnegative().optional().describe('Seed of a shuffle that happens before limit'),
});

const args = z.record(z.string(), z.unknown()).default({});
/** A plug-in is data: `{name, args}`; its name alone when there are no args. */
const pluginSchema = (kind: string) =>
  z.union([z.string().transform((own) => ({ name: own, args: {} as Record<string, unknown> })), z.strictObject({ name, args })], {
    error: `the name of a ${kind}, or {name, args}`,
  });
export const filterSchema = pluginSchema('filter');
export const solverSchema = pluginSchema('solver');

/** Filters of a chain, and named chains of a scorer. */
export const MAX_FILTERS = 10;
/** Stands in the scorer's name in results, behind a comma. */
export const CHAIN_NAME = /^[a-zA-Z0-9][\w.@-]{0,63}$/;
export const chainSchema = z.array(filterSchema).min(1).max(MAX_FILTERS);
const namedChainsSchema = z
  .record(z.string().regex(CHAIN_NAME, 'must be 1 to 64 letters, digits, _ . @ -, the first a letter or digit'), chainSchema)
  .superRefine((chains, context) => {
    const count = Object.keys(chains).length;
    if (count >= 1 && count <= MAX_FILTERS) return;
    const remedy = count === 0 ? 'name one, or leave filters out' : `at most ${MAX_FILTERS} are taken`;
    context.addIssue({ code: 'custom', message: `has ${count} chains of filters; ${remedy}` });
  });
const filtersSchema = z.union([chainSchema, namedChainsSchema], {
  error: 'a list of filters, or an object of named lists: {strict-match: [{name: regex, args: {…}}]}',
});

/** As a plug-in, with what is done to a completion before it. */
export const scorerSchema = z.union(
  [
    z.string().transform((own): { name: string; args: Record<string, unknown>; filters?: z.infer<typeof filtersSchema> } => ({
      name: own,
      args: {},
    })),
    z.strictObject({ name, args, filters: filtersSchema.optional() }),
  ],
  { error: 'the name of a scorer, or {name, args, filters}' },
);

/** Examples with their answers in front of the question. */
export const fewshotSchema = z.strictObject({
  uri: z.string().min(1).optional().describe("By default the benchmark's own dataset; then a sample is never its own example"),
  format: z.enum(DATASET_FORMATS).optional().describe('As of a dataset'),
  digest: z
    .string()
    .refine(isDigest, 'is no digest; write sha256: and 64 hexadecimal digits, or leave it out')
    .optional()
    .describe('sha256:… of content that the store holds already; the uri is then only its name'),
  sampler: z
    .enum(['first_n', 'random', 'lm_eval'])
    .default('first_n')
    .describe('The first ones, or drawn ones; lm_eval: others for each sample, those that lm-eval draws for it'),
  seed: z.int().nonnegative().default(1234).describe('Of the samplers random and lm_eval'),
  ids: z
    .array(z.union([z.string(), z.number()]))
    .min(1)
    .max(1001)
    .optional()
    .describe('Which samples are examples, in this order; instead of a sampler'),
  template: z
    .string()
    .optional()
    .describe('Liquid; shows an example, all of it. Sees what prompt.template sees, and question and answer as they are without it'),
  in_system_message: z.boolean().optional().describe('In the system message, behind what prompt.system_message says'),
  as_multiturn: z.boolean().default(false).describe('As turns of a chat, user and assistant; otherwise as text in front of the prompt'),
  delimiter: z.string().default('\n\n').describe('After each example'),
  target_delimiter: z.string().default(' ').describe("Between an example's question and its answer"),
});

export const promptSchema = z.strictObject({
  template: z.string().default('{{ input }}').describe('Liquid; the user message. Sees input, target, choices, id and metadata'),
  system_message: z.string().optional().describe('Taken as it is'),
  num_fewshot: z.int().min(0).max(1000).optional().describe('Examples with their answers in front of each question'),
  fewshot: fewshotSchema.optional().describe('Where examples come from, and how they are shown'),
  gen_prefix: z.string().optional().describe('What the answer begins with; no part of the completion'),
});

/** Inspect's names. What an endpoint has beyond them goes into extra_body. */
export const generateConfigSchema = z.strictObject({
  temperature: z.number().nonnegative().optional().describe('Absent, as all of these: not sent, the endpoint decides'),
  top_p: z.number().positive().max(1).optional(),
  max_tokens: z.int().positive().optional().describe('Of the answer'),
  stop_seqs: z.array(z.string()).optional().describe('Where the answer ends'),
  seed: z.int().optional(),
  frequency_penalty: z.number().optional(),
  presence_penalty: z.number().optional(),
  logprobs: z.boolean().optional().describe("Log-probabilities of the answer's tokens"),
  top_logprobs: z.int().min(0).max(20).optional().describe('And of how many alternatives for each'),
  response_schema: z
    .strictObject({
      name: z.string().regex(/^[\w-]{1,64}$/, 'must be 1 to 64 letters, digits, _ or -'),
      json_schema: z.record(z.string(), z.unknown()),
      description: z.string().optional(),
      strict: z.boolean().optional(),
    })
    .optional()
    .describe('The answer must be JSON of this schema'),
  reasoning_effort: z
    .enum(['none', 'minimal', 'low', 'medium', 'high', 'xhigh'])
    .optional()
    .describe('How long a model that reasons does so'),
  extra_body: z.record(z.string(), z.unknown()).optional().describe('Merged into the request, for whatever else an endpoint knows'),
});

/** Of a benchmark. */
const MAX_METRICS = 20;
/** A name stays a name: so specs of before keep their digest. */
export const metricSchema = z.union([z.string(), z.strictObject({ name, args })], { error: 'the name of a metric, or {name, args}' });

export const DEFAULT_METRICS = ['accuracy', 'stderr'] as const;

export const benchmarkSchema = z.strictObject({
  benchmark: name.describe('Its name, unique in the spec; in a file also a list of names, one benchmark for each'),
  dataset: datasetSchema.describe('Where its samples come from'),
  prompt: promptSchema.prefault({}).describe('What a model is asked'),
  solver: solverSchema.optional().describe('How an answer is got: generate (default), multiple_choice, http'),
  generate_config: generateConfigSchema.optional().describe("For all models; a model's own wins"),
  scorers: z.array(scorerSchema).min(1).describe('Names, or {name, args, filters}'),
  metrics: z
    .array(metricSchema)
    .min(1)
    .max(MAX_METRICS)
    .default([...DEFAULT_METRICS])
    .describe('Names, or {name, args}: what is computed of the scores'),
});

const labelsSchema = z.record(z.string().min(1).max(63), z.string().max(128));
export const routeSchema = z.strictObject({ labels: labelsSchema.default({}).describe('Agents must bear these labels') });

export const modelSchema = z.strictObject({
  model: z.string().min(3).max(200).describe('provider/name; what follows the first slash is the name sent to the endpoint'),
  generate_config: generateConfigSchema.prefault({}).describe("Before the benchmark's"),
  route: routeSchema.optional().describe("Beside the evaluation's; here wins"),
});

const roleObjectSchema = modelSchema.extend({
  generate_config: generateConfigSchema.prefault({}).describe('Of its calls; the settings of benchmarks are not of its concern'),
});
/** A model that has a part beside those that are evaluated: a judge. */
export const roleSchema = z.union(
  [
    z
      .string()
      .min(3)
      .max(200)
      .transform((model): z.infer<typeof roleObjectSchema> => ({ model, generate_config: {} })),
    roleObjectSchema,
  ],
  { error: 'a model as provider/name, or {model, generate_config, route}' },
);
const ROLE_NAME = /^[a-zA-Z][\w-]{0,63}$/;

/** So many outlast an endpoint that is away for a minute. */
export const DEFAULT_MAX_RETRIES = 14;

export const retrySchema = z.strictObject({
  max_retries: z.int().min(0).max(100).default(DEFAULT_MAX_RETRIES).describe("Retries of one sample's model call"),
  attempt_timeout: z.number().positive().max(86_400).default(600).describe('Seconds for one model call'),
  // Absent: none of its own, for retries and attempts bound it.
  timeout: z.number().positive().max(604_800).optional().describe('Seconds for one sample with all its retries'),
});

const REDUCERS = reducerForms().join(', ');

const epochsSchema = z.union([
  z.int().min(1).max(1000),
  z.strictObject({
    count: z.int().min(1).max(1000).describe('Per sample and model'),
    reducers: z
      .array(z.string().regex(REDUCER_PATTERN, `is no reducer; there are ${REDUCERS}`))
      .min(1)
      .max(20)
      .describe(`${REDUCERS}, the last four also with _from_V behind them; each makes rows of its own`),
  }),
]);

/** Bounds of one sample. */
export const limitsSchema = z.strictObject({
  time: z.number().positive().max(604_800).optional().describe('Seconds'),
  working: z.number().positive().max(604_800).optional().describe('Seconds without the waits for connections and between retries'),
  tokens: z.int().positive().optional().describe('Tokens in and out'),
});

/** Evaluations that name the same key take turns, or the newest cancels the older ones. */
export const concurrencySchema = z.strictObject({
  key: z.string().min(1).max(200).describe('Within the namespace'),
  supersede: z.boolean().default(true).describe('The newest cancels the older ones; false: they take turns, the oldest first'),
});

export const specSchema = z.strictObject({
  name: name.describe('For people'),
  benchmarks: z.array(benchmarkSchema).min(1).max(100).describe('Each runs with every model'),
  models: z.array(modelSchema).min(1).max(100).describe('Which models are asked'),
  model_roles: z
    .record(z.string().regex(ROLE_NAME, 'must be 1 to 64 letters, digits, _ or -, the first a letter'), roleSchema)
    .optional()
    .describe('Models that judge, by the name of their role: {grader: provider/name}'),
  epochs: epochsSchema.default(1).describe('How often each sample runs: a number, or {count, reducers}'),
  retry: retrySchema.prefault({}).describe('Of failed model calls'),
  priority: z.int().min(1).max(10).default(5).describe('1 first … 10 last'),
  route: routeSchema.prefault({}).describe('What agents must be'),
  max_task_samples: z.int().min(1).max(500).optional().describe('Samples in one task at most; by default the planner decides'),
  max_samples: z.int().positive().max(1_000_000).optional().describe('Samples in flight at the same time over all agents'),
  limits: limitsSchema.optional().describe('Bounds of one sample'),
  fail_on_error: z
    .union([z.boolean(), z.number().positive()])
    .optional()
    .describe('How many errored samples make the evaluation fail: true is one, below 1 a share, from 1 on a count'),
  retry_on_error: z.int().min(0).max(100).optional().describe('How often an errored sample is run again from its start'),
  cache: cacheSchema
    .optional()
    .describe('Completions that an agent has kept stand in for calls: true, or {expiry, per_epoch, scopes}; off by default'),
  concurrency: concurrencySchema.optional().describe('Evaluations that name the same key take turns, or the newest cancels the older ones'),
  tags: z.array(z.string().max(200)).max(50).default([]).describe('For people'),
  metadata: z.record(z.string(), z.unknown()).default({}).describe('For people; any JSON'),
});

export type EvaluationSpec = z.infer<typeof specSchema>;
export type BenchmarkSpec = z.infer<typeof benchmarkSchema>;
export type DatasetSpec = z.infer<typeof datasetSchema>;
export type ModelSpec = z.infer<typeof modelSchema>;
export type GenerateConfig = z.infer<typeof generateConfigSchema>;
export type ScorerSpec = z.infer<typeof scorerSchema>;
export type MetricSpec = z.infer<typeof metricSchema>;
export type FilterSpec = z.infer<typeof filterSchema>;
export type SolverSpec = z.infer<typeof solverSchema>;
export type FewshotSpec = z.infer<typeof fewshotSchema>;
export type LimitsSpec = z.infer<typeof limitsSchema>;
export type RetrySpec = z.infer<typeof retrySchema>;
