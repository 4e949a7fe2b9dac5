/**
 * The store: where content lives, and the journal from which everything can be rebuilt. Shared by all coordinators.
 *
 * Order of a result, always: append a frame → durable → commit script → acknowledgement. One winner per unit by a fixed
 * rule: the highest grant, then the earlier frame; voided frames never win.
 *
 * All methods throw AppError: `unavailable` (disk full, I/O error: nothing can be said of the effect), `not_found`.
 */
import type { Readable } from 'node:stream';
import type { AppError } from '../../shared/domain/errors.ts';
import type { Collection, EvaluationChanges } from '../../shared/client/types.ts';
import type { Manifest } from '../../shared/domain/manifest.ts';
import type { CollectOptions } from './collect/collection.ts';

export type { CollectOptions };

/** Results of one attempt, durable together. */
export interface ResultFrame {
  taskId: string;
  attemptId: string;
  agentId: string;
  /** Orders attempts: generation × 2^32 + number within the generation. */
  grant: number;
  results: { unit: number; content: Buffer }[];
}

/** Says that results of an attempt were refused after they had been written, by the ledger of a generation (`voids.ts`). */
export interface VoidFrame {
  attemptId: string;
  units: number[];
  /** Absent: by one that does not say; it holds always. */
  generation?: number;
}

/** What lies in segments, as it was written: nothing is left out, whether it counts or not. */
export type StoredFrame =
  | (ResultFrame & { kind: 'results' })
  | (VoidFrame & { kind: 'void' })
  | { kind: 'seal'; generation: number; voids: VoidFrame[] };

/** A task that was given up, with the evidence; the bounds of its texts are in control-records.ts. */
export interface DeadLetterRecord {
  sequence: number;
  group: number;
  units: [first: number, end: number][];
  crashes: number;
  losses: number;
  returns: number;
  attempts: {
    attemptId: string;
    agentId: string;
    agent: string;
    instanceId: string;
    end: 'crash' | 'loss';
    atMs: number;
    exit: string;
    output: string;
  }[];
}

/** A control command, journaled before its OK. */
export type ControlRecord = { atMs: number; reason: string } & (
  | { kind: 'cancel' | 'pause' | 'resume' }
  /** Nothing more is handed out; when nothing runs any more it is cancelled. */
  | { kind: 'drain' }
  /** More units errored than the spec bears: it ends as failed. */
  | { kind: 'fail' }
  /** What the spec says otherwise. */
  | { kind: 'update'; changes: EvaluationChanges }
  /** These units (ranges first … end − 1) are closed as cancelled where they are open. */
  | { kind: 'skip'; units: [first: number, end: number][] }
  /** These units were given up, because their task kept crashing agents: closed as dead where they are open. */
  | { kind: 'dead'; units: [first: number, end: number][]; letters?: DeadLetterRecord[] }
  /** These units were closed by a cancel or a skip: frames of theirs whose grant is at most `grant` count no more. */
  | { kind: 'aside'; units: [first: number, end: number][]; grant: number }
  /** The letters of these tasks are accepted as lost. */
  | { kind: 'drop'; tasks: number[] }
  /**
   * These units are open again: frames of theirs whose grant is at most `grant` count no more. Commands before it do not hold on. `aside`: units
   * that were cancelled or given up and stay so; the same holds for frames of theirs, which a ledger has refused without a word in the store.
   */
  | { kind: 'requeue'; units: [first: number, end: number][]; grant: number; aside?: [first: number, end: number][] }
);

/** The winning results of an evaluation, found by one pass over the headers of its frames (12 to 24 bytes a unit in memory). */
export interface ResultIndex {
  /** Units that have a winning result. */
  readonly count: number;
  /** The highest grant in any frame, 0 without frames. */
  readonly highestGrant: number;
  /** Whether a unit has a winning result. */
  has(unit: number): boolean;
  /** Whether a ledger has refused this attempt's result of a unit, so that it never wins, or only where nothing else does. */
  isVoid(attemptId: string, unit: number): boolean;
  /** Winning results in unit order, read with bounded memory. `from`: the first unit; `wanted`: only those, the others are not read. */
  results(
    from?: number,
    wanted?: (unit: number) => boolean,
  ): AsyncIterable<{ unit: number; content: Buffer; agentId: string; attemptId: string; grant: number }>;
  /** Frees file handles. */
  close(): Promise<void>;
}

/** Room in the store, as far as it knows its bounds. */
export interface StoreSpace {
  /** What can still be written. */
  freeBytes?: number;
  /** With what others have written there. */
  totalBytes?: number;
}

/** `taken`: there is a piece already. `no_room`: the disk is full, and nothing was written. */
export type AuditPut = 'written' | 'taken' | 'no_room';

/** Where the audit log is kept: chains of pieces, each written once. What is in them is coordinator/audit's matter. */
export interface AuditPieces {
  /** Makes one piece of a chain durable, from this entry on. `isUrgent`: on a full disk it goes where room is kept for it. */
  put(chain: string, first: number, bytes: Buffer, isUrgent?: boolean): Promise<AuditPut>;
  /** The names of all chains, sorted; of those beyond `after` alone. */
  chains(after?: string): Promise<string[]>;
  /** Of all pieces of a chain, or those beyond `after`, the numbers of their first entries, ascending; none of one that is not there. */
  pieces(chain: string, after?: number): Promise<number[]>;
  read(chain: string, first: number): Promise<Buffer | undefined>;
  /** Removes a chain, from its end on. */
  remove(chain: string): Promise<void>;
  /** Keeps a little room free for urgent pieces, where disks can be full; to be repeated every minute. */
  reserve(): Promise<void>;
}

/** Content that a namespace holds. */
export interface HeldContent {
  digest: string;
  /** 0: the content is not there (any more). */
  sizeBytes: number;
}

/** One write of lines about an evaluation. */
export interface LogPiece {
  number: number;
  bytes: number;
}

/** Lines about evaluations: pieces with consecutive numbers from 1 on, each written once. They are removed with their evaluation. */
export interface LogPieces {
  /** Writes a piece; false: there is one of this number. `not_found` where the evaluation is not in the store. */
  put(evaluationId: string, number: number, bytes: Buffer): Promise<boolean>;
  /** All that there are, or those beyond `after`, ascending; some may have been removed. None of an evaluation that is not there. */
  pieces(evaluationId: string, after?: number): Promise<LogPiece[]>;
  read(evaluationId: string, number: number): Promise<Buffer | undefined>;
  /** Removes some; what is not there is no error. */
  remove(evaluationId: string, numbers: readonly number[]): Promise<void>;
}

/** Which namespaces hold which content. A digest means something only where it is claimed. */
export interface ContentClaims {
  /** Whether the namespace holds it, whatever others do; if so no collection takes the claim for as long as its grace, from now on. */
  has(namespace: string, digest: string): Promise<boolean>;
  /** Makes the namespace a holder (durable): of what it has sent whole, or what an accepted evaluation of it names. */
  put(namespace: string, digest: string): Promise<void>;
  /** What a namespace holds, in any order. */
  of(namespace: string): AsyncIterable<HeldContent>;
}

export interface Store {
  /** Names this store; made at its first use, never changes. */
  readonly storeId: string;
  readonly audit: AuditPieces;
  readonly claims: ContentClaims;
  readonly logs: LogPieces;

  // -- content, by digest -------------------------------------------------------------------------------------------
  /** Whether it is there; if so no collection takes it for as long as its grace, from now on. Ask again once a name for it is written. */
  hasContent(digest: string): Promise<boolean>;
  /**
   * Streams content in; refuses bytes that do not match the digest (`invalid`); nothing is left behind then. Reads and writes all of it also
   * where it is there already, so that how long it takes tells nobody what others have.
   */
  putContent(digest: string, chunks: AsyncIterable<Uint8Array>, maxBytes: number): Promise<void>;
  /** The same for content whose digest is known only at its end; more than `maxBytes` are `invalid`. */
  addContent(chunks: AsyncIterable<Uint8Array>, maxBytes: number): Promise<{ digest: string; sizeBytes: number }>;
  contentSize(digest: string): Promise<number>;
  readContent(digest: string, range?: { offset: number; length: number }): Promise<Buffer>;
  streamContent(digest: string): Readable;

  // -- evaluations --------------------------------------------------------------------------------------------------
  /** Writes the manifest if there is none yet, and returns the one that is there. Puts the id into the unfinished list. */
  stage(manifest: Manifest): Promise<Manifest>;
  /** The last write of a submit; recovery revives only what bears it. False: it bore it before. */
  markAccepted(evaluationId: string): Promise<boolean>;
  isAccepted(evaluationId: string): Promise<boolean>;
  manifest(evaluationId: string): Promise<Manifest | undefined>;
  /** Ids that are staged or accepted and not marked as finished. */
  unfinished(): Promise<string[]>;
  /** Forgets a staged evaluation that was never accepted. */
  dropStaged(evaluationId: string): Promise<void>;

  /** Puts a finished evaluation back into the unfinished list, without its report (a requeue of samples). May be repeated. */
  reopen(evaluationId: string): Promise<void>;
  /**
   * Removes a finished evaluation for good: manifest, journal, results, report. Content by digest stays. One that is not there
   * is no error; one that is not finished is `failed_precondition`. A reader that is at it gets `not_found`.
   */
  remove(evaluationId: string): Promise<void>;
  /** Bytes that are its own: manifest, journal, results, report; not its datasets. 0 for one that is not there. One listing. */
  sizeOf(evaluationId: string): Promise<number>;
  /** Ids of all evaluations that are staged, accepted or finished; in any order, without holding all in memory. */
  evaluations(): AsyncIterable<string>;

  // -- switches: small JSON values that operators set, and API tokens, by kind and name ------------------------------------------
  /** Writes one (atomic, durable, replaces). kind: `[a-z-]+`; name: 1 … 200 of A–Z a–z 0–9 . _ -. */
  putSwitch(kind: string, name: string, value: unknown): Promise<void>;
  /** Writes one if there is none of that name, and says whether it did: of all who try, one does. The value must be the caller's alone. */
  createSwitch(kind: string, name: string, value: unknown): Promise<boolean>;
  removeSwitch(kind: string, name: string): Promise<void>;
  /** One of them as it is now; undefined where there is none, or none that can be read. */
  switchOf(kind: string, name: string): Promise<unknown>;
  /** All of a kind by name; at most some thousands. One that cannot be read is left out. */
  switches(kind: string): Promise<ReadonlyMap<string, unknown>>;

  // -- room ---------------------------------------------------------------------------------------------------------
  /** How much room there is now; nothing where no bounds are known (S3). Cheap: one question to the file system. */
  space(): Promise<StoreSpace>;

  /**
   * Removes what nobody refers to: contents that no evaluation names, what crashed processes and removed evaluations have left. Throws
   * `internal`, and has removed no content, where a manifest is damaged. May be run by several at once.
   */
  collect(options: CollectOptions): Promise<Collection>;

  // -- journal ------------------------------------------------------------------------------------------------------
  /** Appends frames to this coordinator's segment of the evaluation and makes them durable before it resolves. */
  appendResults(evaluationId: string, frames: readonly ResultFrame[]): Promise<void>;
  appendVoids(evaluationId: string, voids: readonly VoidFrame[]): Promise<void>;
  /** For a recovery, before it reads results: of refusals before its generation only those hold from now on that are there now, but for those of the units in `lifted`. */
  sealVoids(evaluationId: string, generation: number, lifted?: ReadonlySet<number>): Promise<void>;
  appendControl(evaluationId: string, record: ControlRecord): Promise<void>;
  /** Control records in the order in which they were written. */
  controls(evaluationId: string): Promise<ControlRecord[]>;
  /** Without what a requeue has set aside. voided: `never` (default) wins, or only where nothing else does: for a reader to whom the ledger says which units count. */
  openResults(evaluationId: string, options?: { voided: 'never' | 'last' }): Promise<ResultIndex>;
  /**
   * Visits all that was written of results, voids first, results in the order that decides between equal grants; contents are views that
   * must not be kept. A segment that is damaged is read as far as it can be; returns what is damaged.
   */
  visitFrames(evaluationId: string, visit: (frame: StoredFrame) => void): Promise<AppError[]>;
  /** The highest generation claimed so far; 1 before any recovery. */
  generation(evaluationId: string): Promise<number>;
  /** Claims the next generation, exclusively: false if another coordinator was faster. */
  claimGeneration(evaluationId: string, generation: number): Promise<boolean>;
  /** Closes this coordinator's segment of the evaluation, if one is open (a later append opens a new one). */
  closeSegment(evaluationId: string): Promise<void>;

  // -- report -------------------------------------------------------------------------------------------------------
  /** Writes the report (atomic, replaces), and with it the units' states (`unit-codes.ts`), which nothing else knows once Redis has forgotten them. */
  putReport(evaluationId: string, report: Buffer, unitCodes?: Buffer): Promise<void>;
  /**
   * Takes the id off the unfinished list: the state in the ledger is final too. `report`: digest of the report of this end. False, and
   * nothing changed, where that report is not there (any more): it was reopened since, and who marks has slept meanwhile.
   */
  markFinished(evaluationId: string, report: string): Promise<boolean>;
  isFinished(evaluationId: string): Promise<boolean>;
  report(evaluationId: string): Promise<Buffer | undefined>;
  /** The units' states as they were written with the report; undefined if none were. */
  unitCodes(evaluationId: string): Promise<Buffer | undefined>;

  close(): Promise<void>;
}
