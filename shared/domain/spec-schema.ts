/**
 * What a researcher writes and a service submits: the evaluation spec. Field names are those of the file (snake_case),
 * Inspect's first, then lm-eval's. Unknown keys are refused. `docs/spec.md` is its manual; `spec.ts` parses.
 */
import { z } from 'zod';
import { isDigest } from './ids.ts';

const name = z.string().min(1).max(200);

export const fieldsSchema = z.strictObject({
  input: z.string().default('input'),
  target: z.string().default('target'),
  id: z.string().optional(),
  choices: z.string().optional(),
  metadata: z.array(z.string()).default([]),
});

export const datasetSchema = z.strictObject({
  /** `file:path` beside the spec (uploaded by the client), with `digest` once it is uploaded. */
  uri: z.string().min(1),
  digest: z.string().refine(isDigest, 'is no digest; write sha256: and 64 hexadecimal digits, or leave it out').optional(),
  fields: fieldsSchema.prefault({}),
  /** liquid; sees input, target, choices, id, metadata. */
  input_template: z.string().optional(),
  target_template: z.string().optional(),
  limit: z.int().positive().optional(),
  /** Only samples with these ids. */
  ids: z
    .array(z.union([z.string(), z.number()]))
    .min(1)
    .optional(),
  /** Seed of a shuffle that happens before `limit`. */
  shuffle: z.int().nonnegative().optional(),
});

export const scorerSchema = z.strictObject({ name, args: z.record(z.string(), z.unknown()).default({}) });

export const benchmarkSchema = z.strictObject({
  benchmark: name,
  dataset: datasetSchema,
  prompt: z.strictObject({ template: z.string().default('{{ input }}'), system_message: z.string().optional() }).prefault({}),
  scorers: z.array(scorerSchema).min(1),
  metrics: z
    .array(z.enum(['accuracy', 'mean', 'stderr']))
    .min(1)
    .default(['accuracy', 'stderr']),
});

/** Inspect's names. What an endpoint has beyond them goes into extra_body. */
export const generateConfigSchema = z.strictObject({
  temperature: z.number().nonnegative().optional(),
  top_p: z.number().positive().max(1).optional(),
  max_tokens: z.int().positive().optional(),
  stop_seqs: z.array(z.string()).optional(),
  seed: z.int().optional(),
  frequency_penalty: z.number().optional(),
  presence_penalty: z.number().optional(),
  extra_body: z.record(z.string(), z.unknown()).optional(),
});

const labelsSchema = z.record(z.string().min(1).max(63), z.string().max(128));
export const routeSchema = z.strictObject({ labels: labelsSchema.default({}) });

export const modelSchema = z.strictObject({
  /** `provider/name`; what follows the first slash is the name sent to the endpoint. */
  model: z.string().min(3).max(200),
  generate_config: generateConfigSchema.prefault({}),
  route: routeSchema.optional(),
});

export const retrySchema = z.strictObject({
  /** Retries of one sample's model call. */
  max_retries: z.int().min(0).max(100).default(6),
  /** Seconds for one model call. */
  attempt_timeout: z.number().positive().max(86_400).default(600),
  /** Seconds for one sample with all its retries; absent: none of its own (retries and attempts bound it). */
  timeout: z.number().positive().max(604_800).optional(),
});

export const specSchema = z.strictObject({
  name,
  benchmarks: z.array(benchmarkSchema).min(1).max(100),
  models: z.array(modelSchema).min(1).max(100),
  epochs: z.int().min(1).max(1000).default(1),
  retry: retrySchema.prefault({}),
  /** 1 first … 10 last. */
  priority: z.int().min(1).max(10).default(5),
  route: routeSchema.prefault({}),
  /** Samples in one task at most; by default the planner decides. */
  max_task_samples: z.int().min(1).max(500).optional(),
  tags: z.array(z.string()).max(50).default([]),
  metadata: z.record(z.string(), z.unknown()).default({}),
});

export type EvaluationSpec = z.infer<typeof specSchema>;
export type BenchmarkSpec = z.infer<typeof benchmarkSchema>;
export type DatasetSpec = z.infer<typeof datasetSchema>;
export type ModelSpec = z.infer<typeof modelSchema>;
export type GenerateConfig = z.infer<typeof generateConfigSchema>;
export type ScorerSpec = z.infer<typeof scorerSchema>;
export type RetrySpec = z.infer<typeof retrySchema>;
