/**
 * The messages of the agent stream as discriminated unions; `proto/assay/v1/agent.proto` is their specification and
 * `codec-agent.ts` the only file that knows how they look on the wire.
 */
import type { AgentLine } from '../domain/log-line.ts';
import type { ModelOffer } from '../domain/routing.ts';

/** The protocol that is spoken: major and minor. An agent of this minor version or the one before it is taken. */
export const WIRE_VERSION = 1;
export const WIRE_MINOR = 3;
/** Agents of this minor version and later ones keep signed leases. */
export const LEASES_SINCE_MINOR = 3;
/** The reason of the error by which a Hello is refused that a later one has overtaken; its `latest`: the number of that one. */
export const STALE_HELLO = 'STALE_HELLO';
/** The reason of the error by which a stream ends when another process with the same key has connected. */
export const SUPERSEDED = 'SUPERSEDED';

export interface Hello {
  kind: 'hello';
  agentId: string;
  name: string;
  wireVersion: number;
  /** 0: an agent of before minor versions. */
  wireMinor: number;
  version: string;
  labels: Record<string, string>;
  models: ModelOffer[];
  slots: number;
  heldAttempts: string[];
  /** Random; the same as long as the process lives, and after an orderly end. */
  instanceId: string;
  /** Random, of this process alone, and written down nowhere; absent of agents of releases before. */
  processId?: string;
  /** `command:NAME`, `url:PATTERN`. */
  capabilities: string[];
  /** Of the host, for people. */
  host: Record<string, string>;
  /** Answers `spare`; it is not asked otherwise. */
  canSpare: boolean;
  /** Grows with every Hello of the agent; 0: not known. */
  number: number;
  /** How the life before this one ended, if not in order. */
  previousLife?: PreviousLife;
}

/** What an agent that was killed, or crashed, has left on its disk. */
export interface PreviousLife {
  instanceId: string;
  /** When it last wrote something down, by the agent's clock. */
  seenAtMs: number;
  /** At most 1000. */
  running: { attemptId: string; unit: number; taskId: string }[];
  /** At most 4096 bytes. */
  lastOutput: string;
}

export interface AttemptReport {
  attemptId: string;
  evaluationId: string;
  taskId: string;
  results: { unit: number; content: Buffer }[];
  traceparent: string;
  /** The signed lease, as in its assignment; absent: there was none. The same in all messages about an attempt. */
  lease?: Buffer;
}

export type HandBackReason = 'drain' | 'declined' | 'quota' | 'auth' | 'spool_full' | 'lost';

export type AgentMessage =
  | Hello
  | { kind: 'heartbeat'; sequence: number; heldAttempts: string[] }
  | { kind: 'credit'; samplesTotal: number[]; connections?: number[] }
  | { kind: 'accept'; attemptIds: string[] }
  | { kind: 'report'; reports: AttemptReport[] }
  | { kind: 'handBack'; attemptId: string; evaluationId: string; taskId: string; reason: HandBackReason; detail: string; lease?: Buffer }
  | { kind: 'spared'; attemptId: string; evaluationId: string; taskId: string; units: number[]; lease?: Buffer }
  | { kind: 'modelStatus'; modelIndex: number; suspended: boolean; reason: string; retryMs?: number }
  | { kind: 'lines'; lines: AgentLine[] }
  | { kind: 'proof'; signature: Buffer; wireVersion: string }
  | { kind: 'rotateKey'; publicKey: Buffer; signature: Buffer; possession: Buffer };

/** How long a key of an agent is good for yet, and how long one is good for at all. */
export interface KeyTerm {
  keyLeftMs: number;
  keyAgeLimitMs: number;
}

export interface Assignment {
  attemptId: string;
  evaluationId: string;
  taskId: string;
  modelIndex: number;
  contextDigest: string;
  /** Empty when the agent has it already. */
  contextJson: Buffer;
  /** `line` empty: the same as the sample before. */
  samples: { unit: number; epoch: number; ordinal: number; line: Buffer }[];
  traceparent: string;
  /** Agents have crashed while they ran it: one sample of such attempts at a time. */
  suspect?: boolean;
  lease?: Buffer;
}

export interface AttemptAck {
  attemptId: string;
  units: number[];
  lost: boolean;
}

export interface Welcome {
  kind: 'welcome';
  sessionId: string;
  coordinatorId: string;
  heartbeatMs: number;
  leaseMs: number;
  resumedAttempts: string[];
  lostAttempts: string[];
  /** Lines for people that it takes; absent: none. */
  logBytesPerSecond?: number;
}

export type CoordinatorMessage =
  | Welcome
  | { kind: 'heartbeatAck'; sequence: number; lostAttempts: string[] }
  | { kind: 'assign'; assignments: Assignment[] }
  | { kind: 'reportAck'; acks: AttemptAck[] }
  | { kind: 'revoke'; attemptIds: string[]; reason: string }
  | { kind: 'spare'; attemptId: string; samples: number }
  | { kind: 'drain'; reason: string }
  | ({ kind: 'challenge'; nonce: Buffer; server: string; key: Buffer } & KeyTerm)
  | ({ kind: 'keyRotated'; publicKey: Buffer } & KeyTerm);
