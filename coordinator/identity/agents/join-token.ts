/** Join tokens in the store: one switch each, named by the token's hash; and of each that is over before its time, what ended it. */
import { z } from 'zod';
import { joinTokenIdOf } from '../../../shared/domain/api-token.ts';

export const JOIN_TOKENS = 'join-tokens';
/** Whoever creates the switch has the last word: an agent that uses the token, or whoever revokes it. Nobody else can. */
export const USED_JOIN_TOKENS = 'used-join-tokens';

const SCHEMA = z.object({
  /** Empty: the agent's own. */
  name: z.string(),
  namespaces: z.union([z.literal('*'), z.array(z.string())]),
  pool: z.string(),
  labels: z.record(z.string(), z.string()),
  createdAtMs: z.number(),
  createdBy: z.string(),
  expiresAtMs: z.number(),
});

export type StoredJoinToken = z.infer<typeof SCHEMA>;

export interface JoinToken extends StoredJoinToken {
  readonly hash: string;
  /** For people. */
  readonly id: string;
}

/** undefined: it cannot be understood, and so lets nobody in. */
export function joinTokenOf(hash: string, value: unknown): JoinToken | undefined {
  const read = SCHEMA.safeParse(value).data;
  return read && { ...read, hash, id: joinTokenIdOf(hash) };
}

const USE = z.object({ agentId: z.string(), name: z.string(), publicKey: z.string(), atMs: z.number() });
const REVOCATION = z.object({ revokedAtMs: z.number(), revokedBy: z.string() });

/** By whom it was used: all that his record is made of, so that a join that was broken off can be brought to its end. */
export type JoinTokenUse = z.infer<typeof USE>;
export type JoinTokenRevocation = z.infer<typeof REVOCATION>;

/** undefined: it was not used by an agent. */
export const useOf = (value: unknown): JoinTokenUse | undefined => USE.safeParse(value).data;

/** undefined: it was not revoked. */
export const revocationOf = (value: unknown): JoinTokenRevocation | undefined => REVOCATION.safeParse(value).data;
