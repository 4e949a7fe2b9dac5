/** Agents, and what they hold, as operators see them. */
import type { Namespaces } from '../domain/identity.ts';

export const AGENT_STATES = ['ready', 'draining', 'gone'] as const;
export type AgentState = (typeof AGENT_STATES)[number];

export interface AgentModel {
  match: string;
  maxConnections: number;
  /** Now, where the agent learns how many the endpoint bears. */
  connections?: number;
  room: number;
  suspended: string;
  /** Of a suspended one: since when, and when its agent tries again by itself, where that is known. */
  suspendedAtMs?: number;
  retryAtMs?: number;
}

export interface Agent {
  agentId: string;
  name: string;
  state: AgentState;
  drainedByOperator: boolean;
  /** Put aside for what it has sent; `reason` says what. */
  quarantined: boolean;
  reason: string;
  version: string;
  /** "1.1" */
  wireVersion: string;
  namespaces: Namespaces;
  labels: Record<string, string>;
  models: AgentModel[];
  capabilities: string[];
  host: Record<string, string>;
  samples: number;
  attempts: number;
  counted: number;
  errored: number;
  /** What its coordinator has refused of it. */
  refused: number;
  coordinatorId: string;
  peer: string;
  connectedAtMs: number;
  seenAtMs: number;
  /** How it proves who it is, for people: `key`, `token NAME (ID)`, `local`. */
  proof: string;
}

export interface HeldAttempt {
  attemptId: string;
  evaluationId: string;
  taskId: string;
  route: string;
  samples: number;
  sinceMs: number;
}
