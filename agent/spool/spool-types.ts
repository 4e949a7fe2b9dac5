/** What a spool is made with, and what it keeps in memory. */
import type { Clock } from '../../shared/runtime/clock.ts';
import type { AttemptRef } from './record.ts';
import type { Place, Segment } from './segment.ts';

export interface SpoolOptions {
  /** Of an agent that has joined; undefined: the one that is in the folder, or a new one. */
  agentId?: string;
  dir: string;
  /** Bytes on disk at which the agent takes no more work. */
  maxBytes: number;
  clock: Clock;
  /** `full` has changed; `why` is a sentence for the operator. */
  onFull?: (full: boolean, why: string) => void;
  /** Something is wrong that the operator should know (damage, a file that cannot be deleted). */
  onWarning?: (message: string, error?: unknown) => void;
  maxRecords?: number;
  segmentBytes?: number;
  /** Bytes of results in memory while the disk takes none; `room` waits beyond. */
  memoryBytes?: number;
  /** After a failed write. */
  retryMs?: number;
  /** For tests: the file that the spool writes to. */
  createSegment?: (dir: string, sequence: number) => Segment;
}

/** A result that waits for its write. */
export interface Queued {
  ref: AttemptRef;
  unit: number;
  frame: Buffer;
  dropped: boolean;
  settle: (durable: boolean) => void;
}

/** Where an attempt's unacknowledged results lie. */
export interface HeldAttempt {
  ref: AttemptRef;
  units: Map<number, Place>;
}
