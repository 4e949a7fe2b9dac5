/** What the store keeps of an agent that has joined: one switch each, named by its id. Of its key only the public half. */
import { z } from 'zod';
import { fingerprintOf, PUBLIC_KEY_BYTES } from '../../../shared/domain/agent-key.ts';
import { isAgentId } from '../../../shared/domain/ids.ts';
import type { Identity } from '../../../shared/domain/identity.ts';
import type { KeyTerm } from '../../../shared/rpc/messages.ts';

export const AGENTS = 'agents';
/** By the agent's id: it was revoked. Written before the record, and never taken back: a rotation that comes at the same time cannot undo it. */
export const REVOKED_AGENTS = 'revoked-agents';

const DAY_MS = 24 * 3_600_000;
/** From its making to its end, unless it is rotated. */
export const KEY_AGE_LIMIT_MS = 30 * DAY_MS;

const SCHEMA = z.object({
  name: z.string(),
  /** Base 64. */
  publicKey: z.base64().refine((text) => Buffer.from(text, 'base64').length === PUBLIC_KEY_BYTES),
  /** Grows with each rotation. */
  keyNumber: z.number().int(),
  namespaces: z.union([z.literal('*'), z.array(z.string())]),
  pool: z.string(),
  labels: z.record(z.string(), z.string()),
  createdAtMs: z.number(),
  createdBy: z.string(),
  /** Of its key. */
  expiresAtMs: z.number(),
  revokedAtMs: z.number().optional(),
  revokedBy: z.string().optional(),
});

type StoredAgent = z.infer<typeof SCHEMA>;

export interface AgentRecord extends StoredAgent {
  readonly agentId: string;
}

/** undefined: it cannot be understood, and so allows nothing. */
export function agentRecordOf(agentId: string, value: unknown): AgentRecord | undefined {
  const read = SCHEMA.safeParse(value);
  return read.success && isAgentId(agentId) ? { ...read.data, agentId } : undefined;
}

/** Without what its name in the store says already. */
export function storedAgentOf({ agentId: _agentId, ...stored }: AgentRecord): StoredAgent {
  return stored;
}

export const keyOf = ({ publicKey }: AgentRecord): Buffer => Buffer.from(publicKey, 'base64');

export const fingerprintOfRecord = (record: AgentRecord): Buffer => fingerprintOf(keyOf(record));

export const termOf = ({ expiresAtMs }: AgentRecord, nowMs: number): KeyTerm => ({
  keyLeftMs: Math.max(0, Math.round(expiresAtMs - nowMs)),
  keyAgeLimitMs: KEY_AGE_LIMIT_MS,
});

/** Labels as they hold: what the agent says, and over it what it is bound to. Its pool it never says itself. */
export function labelsOf({ labels, pool }: AgentRecord, said: Readonly<Record<string, string>>): Record<string, string> {
  const { pool: _own, ...rest } = said;
  return { ...rest, ...labels, ...(pool === '' ? {} : { pool }) };
}

export const identityOfAgent = ({ agentId, name, namespaces, expiresAtMs }: AgentRecord): Identity => ({
  ...{ name, kind: 'agent', scopes: new Set(['agent'] as const), namespaces, agentId, expiresAtMs },
});
