/** Arguments that several metrics have. */
import { z } from 'zod';

export const clusterArg = z
  .string()
  .min(1)
  .max(200)
  .optional()
  .describe('A metadata field: samples with the same value resemble each other');
export const numSamplesArg = z.int().min(1).max(100_000).default(1000).describe('How often all samples are drawn with repetition');
export const seedArg = z.int().nonnegative().default(0).describe('Of the draws: the same scores give the same number');
