/** Join tokens in the store: one switch each, named by the token's hash; and of each that was used, by which agent. */
import { z } from 'zod';

export const JOIN_TOKENS = 'join-tokens';
/** Whoever creates the switch has used the token; nobody else can. */
export const USED_JOIN_TOKENS = 'used-join-tokens';

const SCHEMA = z.object({
  /** Empty: the agent's own. */
  name: z.string(),
  namespaces: z.union([z.literal('*'), z.array(z.string())]),
  pool: z.string(),
  labels: z.record(z.string(), z.string()),
  createdBy: z.string(),
  expiresAtMs: z.number(),
});

export type JoinToken = z.infer<typeof SCHEMA>;

/** undefined: it cannot be understood, and so lets nobody in. */
export const joinTokenOf = (value: unknown): JoinToken | undefined => SCHEMA.safeParse(value).data;
