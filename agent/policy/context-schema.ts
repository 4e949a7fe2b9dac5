/** The context of a task as it comes. */
import { z } from 'zod';
import { cachePolicySchema } from '../../shared/domain/cache-policy.ts';
import { benchmarkSchema, limitsSchema, modelSchema, retrySchema, scorerSchema } from '../../shared/domain/spec.ts';

const shotSchema = z.object({ ordinal: z.number().optional(), user: z.string(), target: z.string() });

export const contextSchema = z.object({
  evaluationId: z.string(),
  // Without scorers where all of them ask models: those calls are units of their own.
  benchmark: benchmarkSchema.extend({ scorers: z.array(scorerSchema) }),
  model: modelSchema,
  retry: retrySchema,
  fewshot: z.array(shotSchema).optional(),
  limits: limitsSchema.optional(),
  retryOnError: z.int().min(0).max(100).optional(),
  cache: cachePolicySchema.optional(),
  namespace: z.string().max(200).optional(),
  /** The whole spec, where it has a signature. */
  signed: z.unknown().optional(),
});
