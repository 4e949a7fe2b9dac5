/** Tokens and identities between the wire and the client library's types. */
import { bindingOf } from '../domain/binding.ts';
import type { Identity, Namespaces, Scope } from '../domain/identity.ts';
import type { JoinedAgent as JoinedAgentWire, JoinedAgent__Output } from '../rpc/gen/assay/v1/JoinedAgent.ts';
import type { JoinToken as JoinTokenWire, JoinToken__Output } from '../rpc/gen/assay/v1/JoinToken.ts';
import type { Namespaces as NamespacesWire, Namespaces__Output } from '../rpc/gen/assay/v1/Namespaces.ts';
import type { Scope__Output } from '../rpc/gen/assay/v1/Scope.ts';
import type { Token as TokenWire, Token__Output } from '../rpc/gen/assay/v1/Token.ts';
import type { WhoAmIResponse, WhoAmIResponse__Output } from '../rpc/gen/assay/v1/WhoAmIResponse.ts';
import type { ApiToken, JoinedAgent, JoinToken, WhoAmI } from './identity-types.ts';

const TO_WIRE = {
  submit: 'SCOPE_SUBMIT',
  read: 'SCOPE_READ',
  cancel: 'SCOPE_CANCEL',
  operate: 'SCOPE_OPERATE',
  admin: 'SCOPE_ADMIN',
  agent: 'SCOPE_AGENT',
} as const satisfies Record<Scope, Scope__Output>;
const FROM_WIRE = new Map<string, Scope>(Object.entries(TO_WIRE).map(([scope, wire]) => [wire, scope as Scope]));

export const scopeToWire = (scope: Scope): Scope__Output => TO_WIRE[scope];

/** undefined: a later release's, or none. */
export const knownScope = (wire: string): Scope | undefined => FROM_WIRE.get(wire);

const scopesFromWire = (scopes: readonly Scope__Output[]): Scope[] => scopes.flatMap((scope) => knownScope(scope) ?? []);

export const namespacesToWire = (namespaces: Namespaces): NamespacesWire =>
  namespaces === '*' ? { all: true, names: [] } : { all: false, names: [...namespaces] };

export const namespacesFromWire = (wire: Namespaces__Output | null): Namespaces => (wire?.all ? '*' : (wire?.names ?? []));

/** As the coordinator keeps it. */
type KeptToken = Omit<ApiToken, 'tokenId' | 'scopes' | 'revokedAtMs' | 'revokedBy'> & {
  id: string;
  scopes: readonly Scope[];
  revokedAtMs?: number | undefined;
  revokedBy?: string | undefined;
};

export const tokenToWire = ({
  id,
  name,
  scopes,
  namespaces,
  createdAtMs,
  createdBy,
  expiresAtMs,
  revokedAtMs,
  revokedBy,
  pools = [],
  labels = {},
}: KeptToken): TokenWire => ({
  ...{ tokenId: id, name, scopes: scopes.map(scopeToWire), namespaces: namespacesToWire(namespaces) },
  ...{ createdAtMs, createdBy, expiresAtMs, revokedAtMs: revokedAtMs ?? 0, revokedBy: revokedBy ?? '' },
  ...{ pools: [...pools], labels },
});

export function tokenFromWire(wire: Token__Output | null): ApiToken {
  const { tokenId, name, scopes, namespaces, createdAtMs, createdBy, expiresAtMs, revokedAtMs, revokedBy, pools, labels } = wire!;
  return {
    ...{ tokenId, name, scopes: scopesFromWire(scopes), namespaces: namespacesFromWire(namespaces) },
    ...{ createdAtMs: Number(createdAtMs), createdBy, expiresAtMs: Number(expiresAtMs), revokedAtMs: Number(revokedAtMs), revokedBy },
    ...bindingOf(pools, labels),
  };
}

export const identityToWire = ({
  name,
  kind,
  scopes,
  namespaces,
  tokenId = '',
  origin = '',
  expiresAtMs = 0,
  pools = [],
  labels = {},
}: Identity): WhoAmIResponse => ({
  ...{ name, kind, scopes: [...scopes].map(scopeToWire), namespaces: namespacesToWire(namespaces) },
  ...{ tokenId, origin, expiresAtMs, pools: [...pools], labels },
});

export function identityFromWire({
  name,
  kind,
  scopes,
  namespaces,
  tokenId,
  origin,
  expiresAtMs,
  pools,
  labels,
}: WhoAmIResponse__Output): WhoAmI {
  return {
    ...{ name, kind, scopes: scopesFromWire(scopes), namespaces: namespacesFromWire(namespaces) },
    ...(tokenId && { tokenId }),
    ...(origin && { origin }),
    ...(Number(expiresAtMs) > 0 && { expiresAtMs: Number(expiresAtMs) }),
    ...bindingOf(pools, labels),
  };
}

/** As the coordinator keeps it. */
type KeptAgent = Omit<JoinedAgent, 'revokedAtMs' | 'revokedBy'> & { revokedAtMs?: number | undefined; revokedBy?: string | undefined };

export const joinedAgentToWire = ({
  agentId,
  name,
  namespaces,
  pool,
  labels,
  createdAtMs,
  createdBy,
  expiresAtMs,
  revokedAtMs,
  revokedBy,
}: KeptAgent): JoinedAgentWire => ({
  ...{ agentId, name, namespaces: namespacesToWire(namespaces), pool, labels, createdAtMs, createdBy, expiresAtMs },
  ...{ revokedAtMs: revokedAtMs ?? 0, revokedBy: revokedBy ?? '' },
});

export function joinedAgentFromWire(wire: JoinedAgent__Output | null): JoinedAgent {
  const { agentId, name, namespaces, pool, labels, createdAtMs, createdBy, expiresAtMs, revokedAtMs, revokedBy } = wire!;
  return {
    ...{ agentId, name, namespaces: namespacesFromWire(namespaces), pool, labels: { ...labels } },
    ...{ createdAtMs: Number(createdAtMs), createdBy, expiresAtMs: Number(expiresAtMs), revokedAtMs: Number(revokedAtMs), revokedBy },
  };
}

/** As the coordinator keeps it. */
type KeptJoinToken = Omit<JoinToken, 'joinTokenId' | 'revokedAtMs' | 'revokedBy'> & {
  id: string;
  revokedAtMs?: number | undefined;
  revokedBy?: string | undefined;
};

export const joinTokenToWire = ({
  id,
  name,
  namespaces,
  pool,
  labels,
  createdAtMs,
  createdBy,
  expiresAtMs,
  revokedAtMs,
  revokedBy,
}: KeptJoinToken): JoinTokenWire => ({
  ...{ joinTokenId: id, name, namespaces: namespacesToWire(namespaces), pool, labels, createdAtMs, createdBy, expiresAtMs },
  ...{ revokedAtMs: revokedAtMs ?? 0, revokedBy: revokedBy ?? '' },
});

export function joinTokenFromWire(wire: JoinToken__Output | null): JoinToken {
  const { joinTokenId, name, namespaces, pool, labels, createdAtMs, createdBy, expiresAtMs, revokedAtMs, revokedBy } = wire!;
  return {
    ...{ joinTokenId, name, namespaces: namespacesFromWire(namespaces), pool, labels: { ...labels } },
    ...{ createdAtMs: Number(createdAtMs), createdBy, expiresAtMs: Number(expiresAtMs), revokedAtMs: Number(revokedAtMs), revokedBy },
  };
}
