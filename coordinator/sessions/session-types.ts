/** What a session knows: attempts that its agent holds, and what the agent said of itself. */
import type { Lease } from '../ledger/leases.ts';

export interface HeldAttempt extends Lease {
  taskId: string;
  jobId: string;
  routeId: string;
  grant: number;
  /** The task's units: first … end − 1. */
  first: number;
  end: number;
  /** The units that were granted; unknown for an attempt that was resumed on another stream. */
  units?: ReadonlySet<number>;
  modelIndex: number;
  accepted: boolean;
  assignedAtMs: number;
  /** When the transport had taken its samples. */
  sentAtMs?: number;
}

/** What the agent said of itself, for people. */
export interface AgentFacts {
  version: string;
  /** "1.1" */
  wireVersion: string;
  host: Record<string, string>;
  /** Its network address. */
  peer: string;
}
