/**
 * Brings lines into the store: what comes within two seconds is one piece of its evaluation. Nothing waits for it, and it waits for nothing: what is
 * more than may be, or what the store does not take, is left out and counted, and the count becomes a line. Runs only while there are lines.
 */
import { AppError } from '../../../shared/domain/errors.ts';
import { leftOutWords, type LogLine } from '../../../shared/domain/log-line.ts';
import type { Clock } from '../../../shared/runtime/clock.ts';
import type { Instruments } from '../../../shared/telemetry/metrics.ts';
import type { Logger } from '../../../shared/telemetry/logger.ts';
import type { Store } from '../../store/store.ts';
import { bytesOfLine } from './stored-lines.ts';

/** Lines of so long a time are one piece. */
const FLUSH_MS = 2_000;
/** Somebody follows one here. */
const FOLLOWED_MS = 500;
/** For a reader, lines are written at once, but not so soon after others. */
const FRESH_MS = 250;
/** Of one evaluation, and of all: what waits here. */
const EVALUATION_BYTES = 512 << 10;
const ALL_BYTES = 16 << 20;
/** Writes at a time: results have the store first. */
const WRITES = 2;
/** Coordinators that write at the same time take turns by trying. */
const TRIES = 10;
/** Evaluations whose last piece is remembered. */
const MAX_KNOWN = 1_000;
/** A piece costs this much beside its lines: an object, a file. Tiny ones are many before they are large. */
const PIECE_BYTES = 512;
/** The same trouble is told again after this time. */
const REPEAT_MS = 60_000;

export interface LogWriterParts {
  store: Pick<Store, 'logs' | 'space'>;
  clock: Clock;
  logger: Logger;
  instruments: Pick<Instruments, 'logLinesTotal'>;
  limits: {
    /** Of one evaluation, at most; 0: no lines are kept. */
    keepLogBytes: number;
    /** What of the store's file system is left to what is accepted: lines take nothing of it. */
    storeHeadroomBytes: number;
  };
}

interface Waiting {
  lines: Buffer[];
  bytes: number;
  leftOut: number;
}

interface Known {
  last: number;
  /** By this writer. */
  writtenAt?: number;
  /** All pieces together, about: others may write as well. */
  bytes: number;
}

export class LogWriter {
  readonly #parts: LogWriterParts;
  readonly #waiting = new Map<string, Waiting>();
  readonly #known = new Map<string, Known>();
  readonly #listeners = new Map<string, Set<() => void>>();
  readonly #stopped = new AbortController();
  #bytes = 0;
  #round: Promise<void> | undefined;
  #writing: Promise<void> = Promise.resolve();
  #toldAt = -Infinity;

  constructor(parts: LogWriterParts) {
    this.#parts = parts;
  }

  /** Takes lines of one evaluation. */
  add(evaluationId: string, lines: readonly LogLine[]): void {
    if (!(this.#parts.limits.keepLogBytes > 0) || lines.length === 0) return;
    const waiting = this.#waiting.get(evaluationId) ?? { lines: [], bytes: 0, leftOut: 0 };
    this.#waiting.set(evaluationId, waiting);
    for (const line of lines) {
      const bytes = bytesOfLine(line);
      if (waiting.bytes + bytes.length > EVALUATION_BYTES || this.#bytes + bytes.length > ALL_BYTES) {
        waiting.leftOut++;
        continue;
      }
      waiting.lines.push(bytes);
      waiting.bytes += bytes.length;
      this.#bytes += bytes.length;
    }
    this.#round ??= this.#later(this.#listeners.size > 0 ? FOLLOWED_MS : FLUSH_MS);
  }

  /** What is here of an evaluation is in the store when it resolves, if the store takes it. */
  async flush(evaluationId: string): Promise<void> {
    await this.#writing;
    if (this.#waiting.has(evaluationId)) await this.#write(evaluationId);
  }

  /** The same for a reader; many of them make no more pieces than few. */
  async freshen(evaluationId: string): Promise<void> {
    const { writtenAt = -Infinity } = this.#known.get(evaluationId) ?? {};
    if (this.#parts.clock.monotonic() - writtenAt >= FRESH_MS) await this.flush(evaluationId);
  }

  /** Calls `listener` whenever something was written of an evaluation, until the function that it returns is called. */
  onWritten(evaluationId: string, listener: () => void): () => void {
    const listeners = this.#listeners.get(evaluationId) ?? new Set();
    this.#listeners.set(evaluationId, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0) this.#listeners.delete(evaluationId);
    };
  }

  /** Writes what is here; what comes later stays here. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.#round;
    await this.#writeAll();
  }

  async #later(ms: number): Promise<void> {
    await this.#parts.clock.sleep(ms, this.#stopped.signal).catch(() => undefined);
    this.#round = undefined;
    await this.#writeAll();
  }

  #writeAll(): Promise<void> {
    this.#writing = this.#writing.then(async () => {
      const ids = [...this.#waiting.keys()];
      const worker = async (): Promise<void> => {
        for (let id = ids.shift(); id !== undefined; id = ids.shift()) await this.#write(id);
      };
      await Promise.all(Array.from({ length: WRITES }, worker));
    });
    return this.#writing;
  }

  /** Never rejects. */
  async #write(evaluationId: string): Promise<void> {
    const { clock, logger, instruments } = this.#parts;
    const waiting = this.#waiting.get(evaluationId);
    if (!waiting) return;
    this.#waiting.delete(evaluationId);
    this.#bytes -= waiting.bytes;
    const { lines, leftOut } = waiting;
    const count = (lineCount: number, outcome: string): void => instruments.logLinesTotal.add(lineCount, { outcome });
    count(leftOut, 'left_out');
    const { length } = lines;
    if (leftOut > 0) lines.push(bytesOfLine(leftOutLine(clock.now(), leftOut)));
    try {
      await this.#put(evaluationId, Buffer.concat(lines));
      count(length, 'kept');
      for (const listener of this.#listeners.get(evaluationId) ?? []) listener();
    } catch (error) {
      const { code, message } = AppError.from(error);
      this.#known.delete(evaluationId);
      count(length, 'lost');
      // Gone, and its lines with it.
      if (code === 'not_found' || clock.monotonic() - this.#toldAt < REPEAT_MS) return;
      this.#toldAt = clock.monotonic();
      logger.warn({ evaluationId, lines: lines.length, error: message }, 'log lines were not kept');
    }
  }

  async #put(evaluationId: string, bytes: Buffer): Promise<void> {
    const { store, limits } = this.#parts;
    const { freeBytes = Infinity } = await store.space();
    if (freeBytes < limits.storeHeadroomBytes)
      throw new AppError('resource_exhausted', 'the store is nearly full; what is left is for results (--store-headroom-bytes)');
    for (let tries = 0; tries < TRIES; tries++) {
      const known = this.#known.get(evaluationId) ?? (await this.#look(evaluationId));
      const number = known.last + 1;
      if (!(await store.logs.put(evaluationId, number, bytes))) {
        this.#known.delete(evaluationId);
        continue;
      }
      known.last = number;
      known.writtenAt = this.#parts.clock.monotonic();
      known.bytes += bytes.length + PIECE_BYTES;
      if (known.bytes > this.#parts.limits.keepLogBytes) await this.#trim(evaluationId);
      return;
    }
    throw new AppError('unavailable', 'others write at the same time');
  }

  async #look(evaluationId: string): Promise<Known> {
    const pieces = await this.#parts.store.logs.pieces(evaluationId);
    const known = { last: pieces.at(-1)?.number ?? 0, bytes: pieces.reduce((sum, piece) => sum + piece.bytes + PIECE_BYTES, 0) };
    this.#known.set(evaluationId, known);
    for (const oldest of this.#known.keys()) if (this.#known.size > MAX_KNOWN) this.#known.delete(oldest);
    return known;
  }

  /** Keeps the first quarter and the newest: how it began, and how it is. Takes away an eighth at a time. */
  async #trim(evaluationId: string): Promise<void> {
    const { store } = this.#parts;
    const { keepLogBytes: keepBytes } = this.#parts.limits;
    const pieces = await store.logs.pieces(evaluationId);
    let bytes = pieces.reduce((sum, piece) => sum + piece.bytes + PIECE_BYTES, 0);
    let before = 0;
    const gone: number[] = [];
    for (const piece of pieces.slice(0, -1)) {
      const size = piece.bytes + PIECE_BYTES;
      before += size;
      if (before <= keepBytes / 4) continue;
      if (bytes <= (keepBytes * 7) / 8) break;
      gone.push(piece.number);
      bytes -= size;
    }
    await store.logs.remove(evaluationId, gone);
    this.#known.delete(evaluationId);
  }
}

const leftOutLine = (timeMs: number, count: number): LogLine => ({
  ...{ timeMs, level: 'warn', agentId: '', agent: '', taskId: '', attemptId: '' },
  text: leftOutWords(count),
});
