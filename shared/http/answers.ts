/** Answers that the client library has no type for of its own. */
import type { AuditHead } from '../client/audit-types.ts';
import type { Books, VerifyProgress } from '../client/books.ts';
import type { ApiToken, NamespaceInfo, WhoAmI } from '../client/identity-types.ts';
import type { Agent, Collection, Evaluation, HeldAttempt } from '../client/types.ts';
import type { LogLine } from '../client/logs.ts';
import type { Durability } from '../domain/durability.ts';
import type { EvaluationState } from '../domain/states.ts';

export interface Submitted {
  evaluation: Evaluation;
  /** The same submit was accepted before. */
  existed: boolean;
  durability?: Durability;
}

export type Updated = Evaluation & { durability?: Durability };

/** `progress` in all lines but the last. */
export interface VerifyLine {
  progress?: VerifyProgress;
  books?: Books;
}

export interface Skipped {
  skipped: number;
  state: EvaluationState;
  durability?: Durability;
}

export interface Requeued {
  requeued: number;
  state: EvaluationState;
  durability?: Durability;
}

export interface Uploaded {
  digest: string;
  /** It was there already. */
  existed: boolean;
}

export interface AgentWithAttempts {
  agent: Agent;
  attempts: HeldAttempt[];
}

/** What an agent tells of itself. */
export interface AgentLines {
  /** These are all that there are, in place of those that came before. */
  snapshot: boolean;
  lines: LogLine[];
}

export interface NewTokenMade {
  /** The token itself: in this answer and nowhere else. */
  secret: string;
  token: ApiToken;
}

/** `verdict` in the last line, `problem` in all others. */
export interface AuditLine {
  problem?: { chain: string; line: number; problem: string };
  verdict?: { chains: number; lines: number; problems: number; heads: AuditHead[] };
}

export type CollectionLine = Collection & { done: boolean };

/** Namespaces with bounds of their own. */
export interface NamespaceList {
  namespaces: NamespaceInfo[];
}

/** A browser's session. */
export interface SessionInfo {
  /** Whose it is. */
  identity: WhoAmI;
  /** To be sent as `x-assay-csrf` with every call that changes something; absent where no login is needed. */
  csrfToken?: string;
  /** When a new login is needed; absent where none is. */
  expiresAtMs?: number;
}
