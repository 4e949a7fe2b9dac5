/** Of one unit: what its model was sent and who answered, as far as two runs are compared by it. Small: every result carries it. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { canonicalJson } from './canonical-json.ts';

/** Of a name that an endpoint gives; longer ones are cut. */
export const MAX_PROVENANCE_CHARS = 200;
const text = z.string().max(MAX_PROVENANCE_CHARS);

export const provenanceSchema = z.object({
  /** `shortDigest` of what was sent: messages, beginning of the answer, texts that were rated. Parameters are the group's. */
  promptDigest: text.optional(),
  /** The model's name as the endpoint gave it. */
  model: text.optional(),
  /** The endpoint's `system_fingerprint`: it changes when the endpoint does. */
  fingerprint: text.optional(),
  /** Of the agent's software. */
  version: text.optional(),
  /** The answer is an earlier one; no call was made. */
  cached: z.literal(true).optional(),
});
export type Provenance = z.infer<typeof provenanceSchema>;

/** The first 128 bits of the SHA-256 as 32 hexadecimal digits: enough to tell texts apart, and half as long in a million results. */
export const shortDigest = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 32);

/** Of what a model is sent, whatever the order of its keys. */
export const promptDigestOf = (prompt: { messages: unknown; prefill?: string | undefined; rated?: unknown }): string =>
  shortDigest(canonicalJson(prompt));
