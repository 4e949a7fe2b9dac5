/** What is said of the store as a whole. */

/**
 * content: no evaluation names it. staged: submits that died before there was a manifest. temporary: files of processes that are gone.
 * removed: what is left of evaluations that were removed. merged: segments that were written anew with others. queue: in Redis, of routes that
 * no evaluation names any more.
 */
export const COLLECTED_KINDS = ['content', 'staged', 'temporary', 'removed', 'merged', 'queue'] as const;

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
  /** Contents (datasets, reports) as the last collection has found them; absent: there was none yet. */
  contents?: number;
  contentBytes?: number;
  /** The last collection of what nobody refers to. */
  lastCollection?: { atMs: number; count: number; bytes: number };
  /** The room of the file system; absent where there is no bound. */
  freeBytes?: number;
  totalBytes?: number;
  /** `directory`, `s3`, and where; absent: the coordinator is too old to say. */
  kind?: string;
  place?: string;
}

/** Why something in the store is no use to anybody. */
export type CollectedKind = (typeof COLLECTED_KINDS)[number];

/** So many of a kind that went, or would go. */
export interface Collected {
  kind: CollectedKind;
  count: number;
  bytes: number;
}

/** What a collection has removed, or would remove, and the contents that stay. */
export interface Collection {
  collected: Collected[];
  contents: number;
  contentBytes: number;
}
