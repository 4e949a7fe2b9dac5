/** One direction of one connection through a proxy that harms it. */
import type { Socket } from 'node:net';

/** What is wrong with a direction now; shared by all its connections and changed while they run. */
export interface WayFaults {
  delayMs: number;
  jitterMs: number;
  stalled: boolean;
  /** Counts down; the connection that brings the byte after the last is reset. */
  bytesLeft?: number;
}

export interface PipeParts {
  from: Socket;
  to: Socket;
  faults: WayFaults;
  maxBufferedBytes: number;
  random: (bound: number) => number;
}

/** Bytes, or how the sender ended: in order, or broken. */
type Item = { dueMs: number } & ({ bytes: Buffer } | { end: 'finished' | 'broken' });

export class Pipe {
  readonly #parts: PipeParts;
  readonly #queue: Item[] = [];
  #bufferedBytes = 0;
  #lastDueMs = 0;
  #isFull = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(parts: PipeParts) {
    this.#parts = parts;
    const { from, to, maxBufferedBytes } = parts;
    let hasEnded = false;
    const end = (how: 'finished' | 'broken'): void => {
      if (hasEnded) return;
      hasEnded = true;
      this.#add({ end: how });
    };
    from.on('data', (bytes: Buffer) => {
      this.#bufferedBytes += bytes.length;
      if (this.#bufferedBytes > maxBufferedBytes) from.pause();
      this.#add({ bytes });
    });
    from.once('end', () => end('finished'));
    from.once('close', () => end('broken'));
    to.on('drain', () => {
      this.#isFull = false;
      this.look();
    });
    to.once('close', () => clearTimeout(this.#timer));
  }

  #add(what: { bytes: Buffer } | { end: 'finished' | 'broken' }): void {
    const { delayMs, jitterMs } = this.#parts.faults;
    const dueMs = performance.now() + delayMs + (jitterMs > 0 ? this.#parts.random(jitterMs + 1) : 0);
    this.#lastDueMs = Math.max(this.#lastDueMs, dueMs);
    this.#queue.push({ ...what, dueMs: this.#lastDueMs });
    this.look();
  }

  /** Passes on what is due; called again whenever something has changed. */
  look(): void {
    const { from, to, faults, maxBufferedBytes } = this.#parts;
    clearTimeout(this.#timer);
    while (!faults.stalled && !this.#isFull && this.#queue.length > 0 && !to.destroyed) {
      const first = this.#queue[0]!;
      const waitMs = first.dueMs - performance.now();
      if (waitMs > 0) {
        this.#timer = setTimeout(() => this.look(), Math.ceil(waitMs));
        return;
      }
      this.#queue.shift();
      if ('end' in first) {
        if (first.end === 'finished') to.end();
        else to.resetAndDestroy();
        return;
      }
      this.#bufferedBytes -= first.bytes.length;
      if (this.#bufferedBytes <= maxBufferedBytes) from.resume();
      this.#pass(first.bytes);
    }
  }

  #pass(bytes: Buffer): void {
    const { from, to, faults } = this.#parts;
    if (faults.bytesLeft === undefined) {
      this.#isFull = !to.write(bytes);
      return;
    }
    const passed = bytes.subarray(0, faults.bytesLeft);
    faults.bytesLeft -= passed.length;
    const isOver = passed.length < bytes.length;
    if (isOver) delete faults.bytesLeft;
    const reset = (): void => {
      from.resetAndDestroy();
      to.resetAndDestroy();
    };
    if (passed.length > 0) this.#isFull = !to.write(passed, isOver ? reset : undefined);
    else if (isOver) reset();
    if (isOver) this.#queue.length = 0;
  }
}
