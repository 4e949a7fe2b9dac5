/** What a line of results may say of a sample beside its answer and scores; `export` writes it into the logs of other tools. */
import { z } from 'zod';
import { headSchema } from './log-head.ts';

const ms = z.number().nonnegative();
const count = z.number().nonnegative();

export const sampleFactsSchema = z.object({
  /** Where it is text. */
  input: z.string().optional(),
  /** What the model was asked, where that is more than the input. */
  messages: z
    .array(
      z.object({
        role: z.enum(['system', 'user', 'assistant', 'tool']).catch('user'),
        parts: z.array(z.object({ kind: z.enum(['text', 'image', 'audio']), value: z.string() })),
      }),
    )
    .optional(),
  metadata: z.record(z.string(), z.unknown()).optional(),
  reasoning: z.string().optional(),
  stopReason: z.string().optional(),
  usage: z.object({ inputTokens: count, outputTokens: count, reasoningTokens: count.default(0) }).optional(),
  modelMs: ms.optional(),
  startedAtMs: ms.optional(),
  totalMs: ms.optional(),
  workingMs: ms.optional(),
  /** Its place in the dataset, from 0. */
  docId: z.int().nonnegative().optional(),
  /** Of the log that it is the first sample of. */
  log: headSchema.optional(),
});

export type SampleFacts = z.input<typeof sampleFactsSchema>;
