/** One kept completion as bytes: a checksum, and what the endpoint had answered. Anything else reads as nothing. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Generation } from '../models/provider.ts';

/** What of an answer is kept: all but what it cost. */
export type KeptAnswer = Omit<Generation, 'usage' | 'timeToFirstChunkMs'>;

const likelihoodSchema = z.object({
  text: z.string(),
  logLikelihood: z.number(),
  isGreedy: z.boolean(),
  isTarget: z.boolean(),
  tokens: z.number(),
});
const entrySchema = z.object({
  form: z.literal(1),
  key: z.string(),
  savedAtMs: z.number(),
  answer: z.object({
    completion: z.string(),
    reasoning: z.string().optional(),
    stopReason: z.string().optional(),
    logprobs: z.array(z.unknown()).optional(),
    model: z.string().optional(),
    fingerprint: z.string().optional(),
    likelihoods: z.array(likelihoodSchema).optional(),
  }),
});

export function entryBytes(key: string, savedAtMs: number, answer: KeptAnswer): Buffer {
  const body = Buffer.from(JSON.stringify({ form: 1, key, savedAtMs, answer }));
  return Buffer.concat([Buffer.from(`${sha256(body)}\n`), body]);
}

/** Undefined for what is torn, altered, another key's, or of another form. */
export function readEntry(bytes: Buffer, key: string): { savedAtMs: number; answer: KeptAnswer } | undefined {
  const end = bytes.indexOf(0x0a);
  const body = bytes.subarray(end + 1);
  if (end !== 64 || sha256(body) !== bytes.toString('latin1', 0, end)) return undefined;
  try {
    const { key: own, savedAtMs, answer } = entrySchema.parse(JSON.parse(body.toString('utf8')));
    return own === key ? { savedAtMs, answer } : undefined;
  } catch {
    return undefined;
  }
}

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
