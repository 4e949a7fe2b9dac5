/** What a session knows: attempts that its agent holds, and what the agent said of itself. */
import { taskIdOf } from '../../shared/domain/ids.ts';
import type { Identity } from '../../shared/domain/identity.ts';
import type { Lease } from '../ledger/leases.ts';
import type { Offence } from './provenance/offences.ts';

export interface HeldAttempt extends Lease {
  /** The evaluation's. */
  namespace: string;
  taskId: string;
  /** It was granted with a signed lease, without which nothing is taken of it. */
  isSigned: boolean;
  jobId: string;
  routeId: string;
  grant: number;
  /** The task's units: first … end − 1. */
  first: number;
  end: number;
  /** The units that were granted; unknown for an attempt that was resumed on another stream. */
  units?: ReadonlySet<number>;
  /** Units that were counted or spared on this stream. */
  done: Set<number>;
  modelIndex: number;
  accepted: boolean;
  assignedAtMs: number;
  /** When the transport had taken its samples. */
  sentAtMs?: number;
  /** When a heartbeat named it last. */
  namedAtMs?: number;
}

/** Something that was refused of a session's agent. */
export interface Misdeed extends Pick<Offence, 'kind' | 'count' | 'why' | 'namespace' | 'isHonest'> {
  taskId?: string;
}

/** What the agent said of itself, for people. */
export interface AgentFacts {
  version: string;
  /** "1.1" */
  wireVersion: string;
  host: Record<string, string>;
  /** Its network address. */
  peer: string;
  /** How it proves who it is, for people. */
  proof: () => string;
  /** Who has opened its stream, as that was verified. */
  identity: Identity;
}

/** An assignment that the transport does not take is given this many times as long as one that the agent does not accept. */
const SENDING_PATIENCE = 60;

/** Whether its samples were sent `olderThanMs` ago and never accepted, or could not be sent for very long. */
export function isUnaccepted({ accepted, sentAtMs, assignedAtMs }: HeldAttempt, nowMs: number, olderThanMs: number): boolean {
  if (accepted) return false;
  return sentAtMs === undefined ? nowMs - assignedAtMs > SENDING_PATIENCE * olderThanMs : nowMs - sentAtMs > olderThanMs;
}

/** Whether the agent had it and has named it in no heartbeat for `olderThanMs`: it has let go of it, on another stream perhaps. */
export const isLetGo = ({ accepted, namedAtMs, assignedAtMs }: HeldAttempt, nowMs: number, olderThanMs: number): boolean =>
  accepted && nowMs - (namedAtMs ?? assignedAtMs) > olderThanMs;

/** A lease with what the coordinator must know to serve it. */
export function heldAttempt(
  lease: Lease,
  more: {
    namespace: string;
    isSigned: boolean;
    routeId: string;
    incarnation: number;
    grant: number;
    first: number;
    end: number;
    units?: ReadonlySet<number>;
    modelIndex: number;
    assignedAtMs: number;
    accepted: boolean;
  },
): HeldAttempt {
  const { incarnation, ...rest } = more;
  const taskId = taskIdOf(lease.evaluationId, lease.sequence);
  return { ...lease, ...rest, done: new Set(), taskId, jobId: `${taskId}-${incarnation}` };
}
