/** A collection: what nobody refers to any more is counted and removed. The words that all stores use for it. */
import type { Collected, Collection, CollectedKind } from '../../../shared/client/types.ts';
import { isDigest } from '../../../shared/domain/ids.ts';

export interface CollectOptions {
  /** What was written, or asked for, less than so long ago stays. */
  graceMs: number;
  /** Only counts. */
  dryRun: boolean;
  /** Ends it between two steps; what was removed is gone. */
  signal: AbortSignal;
  /** Whether a coordinator still runs: its temporary files are left to it for a day. */
  isAlive: (coordinatorId: string) => boolean;
  /** Told after every step, as often as it likes. */
  onProgress: (collection: Collection) => void;
}

/** Counts what goes, by kind, and the contents that stay. */
export class Tally {
  readonly #kinds = new Map<CollectedKind, Collected>();
  readonly #onProgress: (collection: Collection) => void;
  #contents = 0;
  #contentBytes = 0;

  constructor(onProgress: (collection: Collection) => void) {
    this.#onProgress = onProgress;
  }

  add(kind: CollectedKind, bytes: number): void {
    const row = this.#kinds.get(kind) ?? { kind, count: 0, bytes: 0 };
    row.count++;
    row.bytes += bytes;
    this.#kinds.set(kind, row);
    this.#onProgress(this.sum());
  }

  stays(bytes: number): void {
    this.#contents++;
    this.#contentBytes += bytes;
    this.#onProgress(this.sum());
  }

  sum(): Collection {
    return { collected: [...this.#kinds.values()].map((row) => ({ ...row })), contents: this.#contents, contentBytes: this.#contentBytes };
  }
}

const DIGEST = /sha256:[0-9a-f]{64}/g;

/** Every digest that a text names, whatever for: what is only mentioned is kept too. */
export const digestsIn = (text: string): string[] => (text.match(DIGEST) ?? []).filter(isDigest);
