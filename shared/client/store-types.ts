/** What is said of the store as a whole. */

/** What finished evaluations are kept; absent: no bound. The oldest go first. */
export interface RetentionPolicy {
  /** Since their end. */
  keepMs?: number;
  /** So many. */
  keepEvaluations?: number;
  /** So many bytes of them together. */
  keepBytes?: number;
}

/** What the store holds, and what was removed from it last. */
export interface StoreStatus {
  /** When it was counted last; 0: not yet. */
  measuredAtMs: number;
  /** Finished evaluations that may go when they are old, and the bytes that are theirs alone. */
  finished: number;
  finishedBytes: number;
  /** Those that are kept for ever. */
  kept: number;
  keptBytes: number;
  policy: RetentionPolicy;
  /** By retention. */
  lastRemoved?: { evaluationId: string; atMs: number; reason: string };
  /** The room of the file system; absent where there is no bound. */
  freeBytes?: number;
  totalBytes?: number;
}
