/** The open segments of this coordinator: a bounded number, the longest unused closed first. */
import type { Clock } from '../../shared/runtime/clock.ts';
import type { PreparedFrame } from './stored-frame.ts';

/** Open at once at most; more evaluations than this at work make more and smaller segments, nothing worse. */
const MAX_OPEN = 256;
const IDLE_MS = 60_000;

/** What appends to the segments of one folder. */
export interface FrameWriter {
  /** Resolves when the frames are durable. */
  append(frames: readonly PreparedFrame[]): Promise<void>;
  /** Waits for what was begun; a later append begins anew. */
  close(): Promise<void>;
}

export class Segments {
  readonly #writerOf: (folder: string) => FrameWriter;
  readonly #clock: Clock;
  readonly #maxOpen: number;
  /** By folder; the least recently used first. */
  readonly #writers = new Map<string, { writer: FrameWriter; usedAt: number }>();
  readonly #closing = new Set<Promise<void>>();

  constructor(options: { writerOf: (folder: string) => FrameWriter; clock: Clock; maxOpen?: number | undefined }) {
    this.#writerOf = options.writerOf;
    this.#clock = options.clock;
    this.#maxOpen = options.maxOpen ?? MAX_OPEN;
  }

  /** Appends to this coordinator's segment in `folder`, durable when it resolves. */
  async append(folder: string, frames: readonly PreparedFrame[]): Promise<void> {
    if (frames.length === 0) return;
    const usedAt = this.#clock.monotonic();
    const writer = this.#writers.get(folder)?.writer ?? this.#writerOf(folder);
    this.#writers.delete(folder);
    this.#writers.set(folder, { writer, usedAt });
    const done = writer.append(frames);
    const closed = this.#closeUnused(usedAt);
    await done;
    await closed;
  }

  async close(folder: string): Promise<void> {
    const entry = this.#writers.get(folder);
    if (!entry) return;
    this.#writers.delete(folder);
    await this.#close(entry.writer);
  }

  async closeAll(): Promise<void> {
    const folders = [...this.#writers.keys()];
    await Promise.all(folders.map((folder) => this.close(folder)));
    await Promise.all(this.#closing);
  }

  async #closeUnused(now: number): Promise<void> {
    const unused: Promise<void>[] = [];
    for (const [folder, { writer, usedAt }] of this.#writers) {
      if (this.#writers.size <= this.#maxOpen && now - usedAt < IDLE_MS) break;
      // Off the list first: an append from now on has a new writer, and so a segment of its own.
      this.#writers.delete(folder);
      unused.push(this.#close(writer));
    }
    await Promise.all(unused);
  }

  async #close(writer: FrameWriter): Promise<void> {
    const closing = writer.close();
    this.#closing.add(closing);
    await closing.finally(() => this.#closing.delete(closing));
  }
}
