/**
 * The store: where content lives, and the journal from which everything can be rebuilt. Shared by all coordinators.
 *
 * Order of a result, always: append a frame → durable → commit script → acknowledgement. One winner per unit by a fixed
 * rule: the highest grant, then the earlier frame; voided frames never win.
 *
 * All methods throw AppError: `unavailable` (disk full, I/O error: nothing can be said of the effect), `not_found`.
 */
import type { Readable } from 'node:stream';
import type { Manifest } from '../../shared/domain/manifest.ts';

/** Results of one attempt, durable together. */
export interface ResultFrame {
  taskId: string;
  attemptId: string;
  agentId: string;
  /** Orders attempts: generation × 2^32 + number within the generation. */
  grant: number;
  results: { unit: number; content: Buffer }[];
}

/** Says that results of an attempt were refused by the ledger after they had been written. */
export interface VoidFrame {
  attemptId: string;
  units: number[];
}

/** A control command, journaled before its OK. */
export interface ControlRecord {
  kind: 'cancel' | 'pause' | 'resume';
  atMs: number;
  reason: string;
}

/** The winning results of an evaluation, found by one pass over the headers of its frames (12 to 24 bytes a unit in memory). */
export interface ResultIndex {
  /** Units that have a winning result. */
  readonly count: number;
  /** The highest grant in any frame, 0 without frames. */
  readonly highestGrant: number;
  /** Winning results in unit order, read with bounded memory. `from`: the first unit. */
  results(from?: number): AsyncIterable<{ unit: number; content: Buffer; agentId: string; attemptId: string; grant: number }>;
  /** Frees file handles. */
  close(): Promise<void>;
}

export interface Store {
  /** Names this store; made at its first use, never changes. */
  readonly storeId: string;

  // -- content, by digest -------------------------------------------------------------------------------------------
  hasContent(digest: string): Promise<boolean>;
  /** Streams content in; refuses bytes that do not match the digest (`invalid`); nothing is left behind then. */
  putContent(digest: string, chunks: AsyncIterable<Uint8Array>, maxBytes: number): Promise<{ existed: boolean }>;
  contentSize(digest: string): Promise<number>;
  readContent(digest: string, range?: { offset: number; length: number }): Promise<Buffer>;
  streamContent(digest: string): Readable;

  // -- evaluations --------------------------------------------------------------------------------------------------
  /** Writes the manifest if there is none yet, and returns the one that is there. Puts the id into the unfinished list. */
  stage(manifest: Manifest): Promise<Manifest>;
  /** The last write of a submit; recovery revives only what bears it. */
  markAccepted(evaluationId: string): Promise<void>;
  isAccepted(evaluationId: string): Promise<boolean>;
  manifest(evaluationId: string): Promise<Manifest | undefined>;
  /** Ids that are staged or accepted and not marked as finished. */
  unfinished(): Promise<string[]>;
  /** Forgets a staged evaluation that was never accepted. */
  dropStaged(evaluationId: string): Promise<void>;

  // -- journal ------------------------------------------------------------------------------------------------------
  /** Appends frames to this coordinator's segment of the evaluation and makes them durable before it resolves. */
  appendResults(evaluationId: string, frames: readonly ResultFrame[]): Promise<void>;
  appendVoids(evaluationId: string, voids: readonly VoidFrame[]): Promise<void>;
  appendControl(evaluationId: string, record: ControlRecord): Promise<void>;
  /** Control records in the order in which they were written. */
  controls(evaluationId: string): Promise<ControlRecord[]>;
  /** voided: `never` (default) wins, or only where nothing else does: for a reader to whom the ledger says which units count. */
  openResults(evaluationId: string, options?: { voided: 'never' | 'last' }): Promise<ResultIndex>;
  /** The highest generation claimed so far; 1 before any recovery. */
  generation(evaluationId: string): Promise<number>;
  /** Claims the next generation, exclusively: false if another coordinator was faster. */
  claimGeneration(evaluationId: string, generation: number): Promise<boolean>;
  /** Closes this coordinator's segment of the evaluation, if one is open (a later append opens a new one). */
  closeSegment(evaluationId: string): Promise<void>;

  // -- report -------------------------------------------------------------------------------------------------------
  /** Writes the report (atomic, replaces). */
  putReport(evaluationId: string, report: Buffer): Promise<void>;
  /** Takes the id off the unfinished list: the state in the ledger is final too. */
  markFinished(evaluationId: string): Promise<void>;
  isFinished(evaluationId: string): Promise<boolean>;
  report(evaluationId: string): Promise<Buffer | undefined>;

  close(): Promise<void>;
}
