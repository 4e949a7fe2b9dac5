/** Who calls, and what they may do. Pure. */

/** What a caller may be allowed: each is by itself, none contains another. */
export const SCOPES = ['submit', 'read', 'cancel', 'operate', 'admin', 'agent'] as const;
export type Scope = (typeof SCOPES)[number];

/** How a caller has proved who it is; `local`: by the coordinator's own token, or by being on this machine where none is wanted. */
export type IdentityKind = 'local' | 'token' | 'agent' | 'jwt' | 'certificate';

/** '*': all there are and will be. */
export type Namespaces = '*' | readonly string[];

export interface Identity {
  /** For people: of the log, of the list of tokens. */
  readonly name: string;
  readonly kind: IdentityKind;
  readonly scopes: ReadonlySet<Scope>;
  readonly namespaces: Namespaces;
  /** Of an API token: what it is called by, and when it is over. */
  readonly tokenId?: string;
  readonly expiresAtMs?: number;
}

/** May everything, everywhere. */
export const LOCAL: Identity = { name: 'local', kind: 'local', scopes: new Set(SCOPES), namespaces: '*' };

/** A name may be anybody's; with the token's id it is one's own. */
export const describeIdentity = ({ name, tokenId }: Identity): string => (tokenId === undefined ? name : `${name} (${tokenId})`);

/** Whether a namespace is among these. */
export const covers = (namespaces: Namespaces, namespace: string): boolean => namespaces === '*' || namespaces.includes(namespace);

/** Whether all of `some` are among these. */
export const coversAll = (namespaces: Namespaces, some: Namespaces): boolean =>
  namespaces === '*' || (some !== '*' && some.every((namespace) => namespaces.includes(namespace)));

/** In words, for errors and lists. */
export const describeNamespaces = (namespaces: Namespaces): string => (namespaces === '*' ? '*' : namespaces.join(','));
