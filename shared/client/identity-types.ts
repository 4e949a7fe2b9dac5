/** Tokens and identities, as the client library gives them: the words of identity.proto as TypeScript. */
import type { Namespaces, Scope } from '../domain/identity.ts';
import type { NamespaceLimits } from '../domain/namespace-limits.ts';

export type { Namespaces, Scope } from '../domain/identity.ts';
export type { NamespaceLimits } from '../domain/namespace-limits.ts';

/** A token, without what proves it. */
export interface ApiToken {
  /** `tk_` and 16 characters. */
  tokenId: string;
  name: string;
  scopes: Scope[];
  namespaces: Namespaces;
  createdAtMs: number;
  createdBy: string;
  expiresAtMs: number;
  /** 0: it was not. */
  revokedAtMs: number;
  revokedBy: string;
  /** Of agents with it: their pool is one of these; absent: any. */
  pools?: readonly string[];
  /** Of agents with it: labels that they do not choose themselves. */
  labels?: Readonly<Record<string, string>>;
}

export interface NewToken {
  name: string;
  scopes: readonly Scope[];
  namespaces: Namespaces;
  /** 90 days, unless it says otherwise. */
  expiresInMs?: number;
  /** Binds agents with it, and whom its bearer lets in, so only with the scope `agent` or `admin`: their pool is one of these. */
  pools?: readonly string[];
  /** The same of other labels. */
  labels?: Readonly<Record<string, string>>;
}

/** Whose a call is. */
export interface WhoAmI {
  name: string;
  /** How that is known: `local`, `token`, `jwt`, `certificate`. */
  kind: string;
  scopes: Scope[];
  namespaces: Namespaces;
  /** Of an API token. */
  tokenId?: string;
  /** Of a JWT its issuer; of a certificate the name in it. */
  origin?: string;
  /** When what proves it is over; absent: never. */
  expiresAtMs?: number;
  /** Pools that its agents are bound to; absent: any. */
  pools?: readonly string[];
  /** Labels that its agents are bound to. */
  labels?: Readonly<Record<string, string>>;
}

/** What is taken of a namespace's bounds. */
export interface NamespaceUsage {
  queuedSamples: number;
  tasks: number;
  contentBytes: number;
  /** Millionths of a dollar this day (UTC); counted where there is a bound. */
  costMicroUsd: number;
}

/** A namespace, and what bounds it. */
export interface NamespaceInfo {
  name: string;
  limits: NamespaceLimits;
  /** Left out in lists. */
  usage?: NamespaceUsage;
  /** 0: nothing was ever set. */
  updatedAtMs: number;
  updatedBy: string;
}

/** What an agent is to be that joins by a token. */
export interface NewJoinToken {
  /** The agent's own, unless it says otherwise. */
  name?: string;
  namespaces: Namespaces;
  /** The value of its label `pool`. */
  pool?: string;
  /** Labels that it does not choose itself. */
  labels?: Record<string, string>;
  /** 15 minutes, unless it says less. */
  expiresInMs?: number;
}

/** A join token, without what proves it. */
export interface JoinToken {
  /** `jt_` and 16 characters. */
  joinTokenId: string;
  /** Empty: what its agent calls itself. */
  name: string;
  namespaces: Namespaces;
  pool: string;
  labels: Record<string, string>;
  createdAtMs: number;
  createdBy: string;
  expiresAtMs: number;
  /** 0: it was not. */
  revokedAtMs: number;
  revokedBy: string;
}

/** An agent that has joined, as the coordinator keeps it. */
export interface JoinedAgent {
  agentId: string;
  name: string;
  namespaces: Namespaces;
  pool: string;
  labels: Record<string, string>;
  createdAtMs: number;
  /** Who made its join token. */
  createdBy: string;
  /** When its key is over, unless it is rotated. */
  expiresAtMs: number;
  /** 0: it was not. */
  revokedAtMs: number;
  revokedBy: string;
}

/** What an agent presents that wants to join. */
export interface JoinPresented {
  secret: string;
  publicKey: Uint8Array;
  signature: Uint8Array;
  /** What it calls itself. */
  name: string;
}
