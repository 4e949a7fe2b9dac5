/** Gathers frames that are to be made durable together: calls that come while a write is at work share the next one. */
import { AppError } from '../../shared/domain/errors.ts';
import type { PreparedFrame } from './stored-frame.ts';

/** Above this the store is hopelessly behind; refusing keeps the memory bounded, and the agents keep their results. */
const MAX_WAITING_BYTES = 256 * 1024 * 1024;

export interface WriteBatchesOptions {
  /** Makes frames durable, in their order; called for one batch at a time. */
  write: (frames: PreparedFrame[]) => Promise<void>;
  /** Calls that wait are written together up to this many bytes; a larger call goes alone. */
  maxBatchBytes: number;
  /** Waits for more to come before a batch is taken; `isFull` says that no more would fit. */
  linger?: (isFull: () => boolean) => Promise<void>;
}

interface Waiting {
  frames: readonly PreparedFrame[];
  bytes: number;
  resolve: () => void;
  reject: (error: unknown) => void;
}

export class WriteBatches {
  readonly #options: WriteBatchesOptions;
  #waiting: Waiting[] = [];
  #waitingBytes = 0;
  #work: Promise<void> | undefined;

  constructor(options: WriteBatchesOptions) {
    this.#options = options;
  }

  /** Resolves when the frames are durable. */
  async append(frames: readonly PreparedFrame[]): Promise<void> {
    const bytes = frames.reduce((sum, f) => sum + f.body.length, 0);
    if (this.#waitingBytes + bytes > MAX_WAITING_BYTES && this.#waiting.length > 0) {
      throw new AppError(
        'unavailable',
        `store: ${this.#waitingBytes} bytes wait to be written already; repeat later, and look at the store if it stays`,
      );
    }
    this.#waitingBytes += bytes;
    const done = new Promise<void>((resolve, reject) => this.#waiting.push({ frames, bytes, resolve, reject }));
    this.#work ??= this.#writeAll();
    await done;
  }

  /** Resolves when everything that waits was written, or refused. */
  async settled(): Promise<void> {
    while (this.#work) await this.#work;
  }

  async #writeAll(): Promise<void> {
    // Callers of the same turn of the event loop are in the first batch together.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      await this.#options.linger?.(() => this.#waitingBytes >= this.#options.maxBatchBytes);
      const batch = this.#takeBatch();
      try {
        await this.#options.write(batch.flatMap((w) => w.frames));
        for (const w of batch) w.resolve();
      } catch (error) {
        for (const w of batch) w.reject(error);
      }
    }
    this.#work = undefined;
  }

  #takeBatch(): Waiting[] {
    let count = 0;
    let bytes = 0;
    for (const w of this.#waiting) {
      if (count > 0 && bytes + w.bytes > this.#options.maxBatchBytes) break;
      count += 1;
      bytes += w.bytes;
    }
    this.#waitingBytes -= bytes;
    return this.#waiting.splice(0, count);
  }
}
