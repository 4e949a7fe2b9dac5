/** Who calls, and what they may do. Pure. */
import type { Binding } from './binding.ts';

/** What a caller may be allowed: each is by itself, none contains another. */
export const SCOPES = ['submit', 'read', 'cancel', 'operate', 'admin', 'agent'] as const;
export type Scope = (typeof SCOPES)[number];

/** How a caller has proved who it is; `local`: by the coordinator's own token, or by being on this machine where none is wanted. */
export type IdentityKind = 'local' | 'token' | 'agent' | 'jwt' | 'certificate';

/** '*': all there are and will be. */
export type Namespaces = '*' | readonly string[];

export interface Identity extends Binding {
  /** For people: of the log, of the list of tokens. */
  readonly name: string;
  readonly kind: IdentityKind;
  readonly scopes: ReadonlySet<Scope>;
  readonly namespaces: Namespaces;
  /** Of an API token: what it is called by. */
  readonly tokenId?: string;
  /** Of an agent that has joined. */
  readonly agentId?: string;
  /** What vouches for the name: of a JWT its issuer, of a certificate the name in it. */
  readonly origin?: string;
  /** When what proves it is over; absent: never. */
  readonly expiresAtMs?: number;
}

/** May everything, everywhere. */
export const LOCAL: Identity = { name: 'local', kind: 'local', scopes: new Set(SCOPES), namespaces: '*' };

/** A name may be anybody's; with the token's id, the agent's, or with what vouches for it, it is one's own. */
export function describeIdentity({ name, tokenId, agentId, origin }: Identity): string {
  const own = tokenId ?? agentId ?? origin;
  return own === undefined ? name : `${name} (${own})`;
}

/** Whether a namespace is among these. */
export const covers = (namespaces: Namespaces, namespace: string): boolean => namespaces === '*' || namespaces.includes(namespace);

/** Whether all of `some` are among these. */
export const coversAll = (namespaces: Namespaces, some: Namespaces): boolean =>
  namespaces === '*' || (some !== '*' && some.every((namespace) => namespaces.includes(namespace)));

/** In words, for errors and lists. */
export const describeNamespaces = (namespaces: Namespaces): string => (namespaces === '*' ? '*' : namespaces.join(','));

/** How somebody has proved who he is, for people: `local`, `token ci (tk_…)`. */
export const describeProof = (identity: Identity): string =>
  identity.kind === 'local' ? 'local' : `${identity.kind} ${describeIdentity(identity)}`;
