/** What the store keeps of an API token: everything but the token. One switch each, named by its hash. */
import { z } from 'zod';
import { tokenIdOf } from '../../shared/domain/api-token.ts';
import { bindingOf } from '../../shared/domain/binding.ts';
import { SCOPES, type Identity, type Scope } from '../../shared/domain/identity.ts';

export const TOKENS = 'tokens';

const SCHEMA = z.object({
  name: z.string(),
  scopes: z.array(z.string()),
  namespaces: z.union([z.literal('*'), z.array(z.string())]),
  createdAtMs: z.number(),
  createdBy: z.string(),
  expiresAtMs: z.number(),
  revokedAtMs: z.number().optional(),
  revokedBy: z.string().optional(),
  pools: z.array(z.string()).min(1).readonly().optional(),
  labels: z.record(z.string(), z.string()).readonly().optional(),
});

export type StoredToken = z.infer<typeof SCHEMA>;

export interface TokenRecord extends Omit<StoredToken, 'scopes'> {
  /** SHA-256 of the token, 64 hex digits: its name in the store. */
  readonly hash: string;
  readonly id: string;
  readonly scopes: readonly Scope[];
}

/** undefined: it cannot be understood, and so allows nothing. Scopes that this release does not know allow nothing either. */
export function tokenRecordOf(hash: string, value: unknown): TokenRecord | undefined {
  const read = SCHEMA.safeParse(value);
  if (!read.success || !/^[0-9a-f]{64}$/.test(hash)) return undefined;
  return { ...read.data, scopes: SCOPES.filter((scope) => read.data.scopes.includes(scope)), hash, id: tokenIdOf(hash) };
}

/** Without what its name in the store says already. */
export function storedTokenOf({ hash: _hash, id: _id, scopes, ...stored }: TokenRecord): StoredToken {
  return { ...stored, scopes: [...scopes] };
}

export const identityOf = ({ id, name, scopes, namespaces, expiresAtMs, pools, labels }: TokenRecord): Identity => ({
  name,
  kind: 'token',
  scopes: new Set(scopes),
  namespaces,
  tokenId: id,
  expiresAtMs,
  ...bindingOf(pools ?? [], labels ?? {}),
});
