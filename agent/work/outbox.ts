/**
 * Results on their way from the spool to the open stream, in batches. Nothing is lost here: what is not acknowledged is in
 * the spool, and a new stream begins with all of it. Contents are kept in memory only while there are few, else read back.
 */
import type { AttemptReport } from '../../shared/rpc/messages.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import type { AttemptRef } from '../spool/record.ts';
import type { Spool } from '../spool/spool.ts';

export interface OutboxOptions {
  spool: Pick<Spool, 'pending' | 'read'>;
  clock: Clock;
  /** Whether the attempt is still this agent's; results of others are not sent. */
  isHeld: (attemptId: string) => boolean;
  /** A result that the spool cannot read back: its unit has to be run again. */
  onUnreadable: (attemptId: string, unit: number) => void;
  /** What is ready within this time goes together. */
  tickMs?: number;
  /** Contents in one report, about; a larger one goes alone. */
  batchBytes?: number;
  /** Contents that wait in memory. */
  memoryBytes?: number;
}

interface Entry {
  ref: AttemptRef;
  unit: number;
  bytes: number;
  content: Buffer | undefined;
}

const MIB = 1024 * 1024;

export class Outbox {
  readonly #options: Required<OutboxOptions>;
  #entries: Entry[] | undefined;
  #inMemory = 0;
  #wake: (() => void) | undefined;

  constructor(options: OutboxOptions) {
    this.#options = { tickMs: 10, batchBytes: MIB, memoryBytes: 8 * MIB, ...options };
  }

  /** A new stream: everything that the spool holds is sent on it. */
  open(): void {
    this.#inMemory = 0;
    this.#entries = [];
    for (const { ref, unit, bytes } of this.#options.spool.pending()) this.#entries.push({ ref, unit, bytes, content: undefined });
    this.#wake?.();
  }

  /** No stream: results only go to the spool. */
  close(): void {
    this.#inMemory = 0;
    this.#entries = undefined;
  }

  /** A result that is durable in the spool. */
  add(ref: AttemptRef, unit: number, content: Buffer): void {
    if (!this.#entries) return;
    const keep = this.#inMemory + content.length <= this.#options.memoryBytes;
    if (keep) this.#inMemory += content.length;
    this.#entries.push({ ref, unit, bytes: content.length, content: keep ? content : undefined });
    this.#wake?.();
  }

  /** The next batch, when there is one; rejects with the signal's reason. One caller at a time. */
  async next(signal: AbortSignal): Promise<AttemptReport[]> {
    for (;;) {
      await this.#something(signal);
      await this.#options.clock.sleep(this.#options.tickMs, signal);
      const reports = await this.#batch();
      signal.throwIfAborted();
      if (reports.length > 0) return reports;
    }
  }

  #something(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.#entries && this.#entries.length > 0) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const done = (): void => {
        signal.removeEventListener('abort', done);
        this.#wake = undefined;
        if (signal.aborted) reject(signal.reason as Error);
        else resolve();
      };
      signal.addEventListener('abort', done, { once: true });
      this.#wake = done;
    });
  }

  async #batch(): Promise<AttemptReport[]> {
    const reports = new Map<string, AttemptReport>();
    for (const entry of this.#take()) {
      const { attemptId } = entry.ref;
      if (!this.#options.isHeld(attemptId)) continue;
      const content = entry.content ?? (await this.#read(attemptId, entry.unit));
      if (!content) continue;
      let report = reports.get(attemptId);
      if (!report) reports.set(attemptId, (report = { ...entry.ref, results: [] }));
      report.results.push({ unit: entry.unit, content });
    }
    return [...reports.values()];
  }

  #take(): Entry[] {
    const entries = this.#entries ?? [];
    let bytes = 0;
    let count = 0;
    for (const entry of entries) {
      if (count > 0 && bytes + entry.bytes > this.#options.batchBytes) break;
      bytes += entry.bytes;
      count++;
    }
    const taken = entries.splice(0, count);
    for (const entry of taken) this.#inMemory -= entry.content?.length ?? 0;
    return taken;
  }

  /** Undefined if it was acknowledged or forgotten meanwhile, or cannot be read. */
  async #read(attemptId: string, unit: number): Promise<Buffer | undefined> {
    const content = await this.#options.spool.read(attemptId, unit).catch(() => 'damaged' as const);
    if (content !== 'damaged') return content;
    this.#options.onUnreadable(attemptId, unit);
    return undefined;
  }
}
