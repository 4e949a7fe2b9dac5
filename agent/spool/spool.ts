/**
 * The spool: results are on disk before they are reported, and stay until the coordinator has acknowledged them.
 *
 * Append-only files of about 8 MiB; what is appended during one write goes into the next one together, with one flush. A
 * file is deleted when all its records are acknowledged. Acknowledgements are not written down: after a crash the agent
 * sends again what its files still hold, and a result that was counted before is only acknowledged again.
 *
 * Memory holds one small entry per unacknowledged result, contents only between `append` and their write.
 */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../shared/domain/errors.ts';
import { withDeadline } from '../../shared/runtime/abort.ts';
import { takeLock, type ProcessLock } from '../../shared/runtime/process-lock.ts';
import { FRAME_HEADER_BYTES, readFrames } from '../../shared/runtime/frame-log.ts';
import { makeFolders } from '../../shared/runtime/folders.ts';
import { endInOrder, takeIdentity, type Identity } from './identity.ts';
import { decodeRecord, encodeRecord, MAX_RECORD_BYTES, type AttemptRef } from './record.ts';
import { Segment, sequenceOf, type Place } from './segment.ts';
import type { HeldAttempt, Queued, SpoolOptions } from './spool-types.ts';

export type { SpoolOptions } from './spool-types.ts';

const MIB = 1024 * 1024;
/** For the last write under way, and for closing files. */
const GIVE_BACK_MS = 2000;
/** The file in use is also given up, once all in it is acknowledged and it is this large. */
const ROTATE_BYTES = 64 * 1024;

export class Spool {
  /** The same over restarts. */
  readonly agentId: string;
  /** The same as long as the process lives, and after an orderly end; another one after a crash. */
  readonly instanceId: string;
  readonly #options: Required<Omit<SpoolOptions, 'onFull' | 'onWarning' | 'agentId'>> &
    Pick<SpoolOptions, 'onFull' | 'onWarning' | 'agentId'>;
  readonly #lock: ProcessLock;
  readonly #attempts = new Map<string, HeldAttempt>();
  readonly #removals = new Set<Promise<void>>();
  readonly #closing = new AbortController();
  #records = 0;
  #diskBytes = 0;
  #queue: Queued[] = [];
  #queuedBytes = 0;
  #inFlight: Queued[] = [];
  #waiters: (() => void)[] = [];
  #current: Segment | undefined;
  #nextSequence = 1;
  #flushing: Promise<void> | undefined;
  #fault: string | undefined;
  #full = false;

  private constructor(options: SpoolOptions, lock: ProcessLock, { agentId, instanceId }: Identity) {
    this.#options = {
      maxRecords: 500_000,
      segmentBytes: 8 * MIB,
      memoryBytes: 256 * MIB,
      retryMs: 1000,
      createSegment: (dir, sequence) => new Segment(dir, sequence),
      ...options,
    };
    this.#lock = lock;
    this.agentId = agentId;
    this.instanceId = instanceId;
  }

  /** Takes the folder for this process and reads what is left in it; a torn tail is dropped. */
  static async open(options: SpoolOptions): Promise<Spool> {
    await makeFolders(options.dir, 0o700).catch((error: NodeJS.ErrnoException) => {
      throw new AppError(
        'failed_precondition',
        `spool: the folder ${options.dir} cannot be made (${error.code}); name one that the agent may write to`,
      );
    });
    const lock = await takeLock({
      path: join(options.dir, 'lock'),
      command: 'assay agent',
      taken: ({ pid }) =>
        `${options.dir}: the spool is in use by process ${pid}. Stop that agent, or give this one its own \`spool\` or \`name\``,
    });
    try {
      const spool = new Spool(options, lock, await takeIdentity(options.dir, options.agentId));
      await spool.#load();
      return spool;
    } catch (error) {
      await lock.release();
      throw error;
    }
  }

  /** No more work should be taken until there is room. */
  get full(): boolean {
    return this.#full;
  }

  /** Attempts with unacknowledged results. */
  heldAttempts(): string[] {
    return [...this.#attempts.keys()];
  }

  /** Bytes on disk, records not acknowledged. */
  usage(): { bytes: number; records: number } {
    return { bytes: this.#diskBytes, records: this.#records };
  }

  /** Resolves when memory has room for another result of this size before it is written; also when the spool closes. */
  async room(bytes: number): Promise<void> {
    while (this.#queuedBytes > 0 && this.#queuedBytes + bytes > this.#options.memoryBytes && !this.#closing.signal.aborted) {
      await new Promise<void>((resolve) => this.#waiters.push(resolve));
    }
  }

  /**
   * Resolves when the result is durable: true; or when its attempt was forgotten meanwhile: false. Goes on trying while the
   * disk takes nothing. Rejects with `cancelled` when the spool closes first. Callers that wait for `room` first bound memory.
   */
  async append(ref: AttemptRef, unit: number, content: Buffer): Promise<boolean> {
    if (this.#closing.signal.aborted) throw new AppError('cancelled', 'the spool is closed');
    const frame = encodeRecord({ ref, unit, content });
    const { promise, resolve, reject } = Promise.withResolvers<boolean>();
    const onClose = (): void => reject(new AppError('cancelled', 'the spool was closed before the result was on disk'));
    this.#closing.signal.addEventListener('abort', onClose, { once: true });
    const settle = (durable: boolean): void => {
      this.#closing.signal.removeEventListener('abort', onClose);
      resolve(durable);
    };
    this.#queue.push({ ref, unit, frame, dropped: false, settle });
    this.#queuedBytes += frame.length;
    this.#flushing ??= this.#flush();
    return promise;
  }

  /** These units' results are kept elsewhere. Unknown ones are ignored. */
  ack(attemptId: string, units: Iterable<number>): void {
    const attempt = this.#attempts.get(attemptId);
    if (!attempt) return;
    for (const unit of units) this.#drop(attempt, unit);
    if (attempt.units.size === 0) this.#attempts.delete(attemptId);
    this.#judge();
  }

  /** The attempt belongs to others or is over: nothing of it is sent any more. */
  forget(attemptId: string): void {
    for (const queued of [...this.#queue, ...this.#inFlight]) if (queued.ref.attemptId === attemptId) queued.dropped = true;
    this.ack(attemptId, [...(this.#attempts.get(attemptId)?.units.keys() ?? [])]);
  }

  /** Whose results are held, and how large they are, in no special order; read the contents with `read`. */
  *pending(): IterableIterator<{ ref: AttemptRef; unit: number; bytes: number }> {
    for (const { ref, units } of this.#attempts.values()) for (const [unit, place] of units) yield { ref, unit, bytes: place.length };
  }

  /** A held result's content from disk; undefined if it is not held (any more). Throws if the disk does not give it back whole. */
  async read(attemptId: string, unit: number): Promise<Buffer | undefined> {
    const place = this.#attempts.get(attemptId)?.units.get(unit);
    if (!place) return undefined;
    const record = await place.segment.read(place);
    if (record) return record.content;
    if (this.#attempts.get(attemptId)?.units.get(unit) !== place) return undefined;
    throw new AppError('internal', `${place.segment.path}: a result cannot be read back`);
  }

  /** Writes what is waiting (bounded by `patienceMs`), then gives the folder back, as after an orderly end; rejects if the disk hangs. */
  async close(patienceMs = 2000): Promise<void> {
    if (this.#closing.signal.aborted) return;
    const { clock, dir } = this.#options;
    if (this.#flushing) await Promise.race([this.#flushing, clock.sleep(patienceMs)]);
    this.#closing.abort();
    this.#letIn();
    await withDeadline({ ms: GIVE_BACK_MS, what: `giving back ${dir} (its disk does not answer)`, clock }, () => this.#giveBack());
  }

  async #giveBack(): Promise<void> {
    await this.#flushing;
    await Promise.all(this.#removals);
    const segments = new Set([...this.#attempts.values()].flatMap((a) => [...a.units.values()].map((p) => p.segment)));
    if (this.#current) {
      if (this.#current.live === 0) await this.#current.remove().catch(() => undefined);
      else segments.add(this.#current);
    }
    await Promise.all([...segments].map((segment) => segment.close()));
    try {
      await endInOrder(this.#options.dir, this);
    } finally {
      await this.#lock.release();
    }
  }

  async #load(): Promise<void> {
    const { dir, createSegment, onWarning } = this.#options;
    const sequences = (await readdir(dir))
      .map(sequenceOf)
      .filter((n) => n !== undefined)
      .toSorted((a, b) => a - b);
    for (const sequence of sequences) {
      const segment = createSegment(dir, sequence);
      const onDamage = (from: number, to: number): void =>
        onWarning?.(`${segment.path}: bytes ${from} to ${to} are damaged and were passed over`);
      for await (const { offset, payload } of readFrames(segment.path, { maxFrameBytes: MAX_RECORD_BYTES, onDamage })) {
        const record = decodeRecord(payload);
        if (!record) continue;
        const length = FRAME_HEADER_BYTES + payload.length;
        segment.bytes = offset + length;
        segment.live++;
        this.#hold(record.ref, record.unit, { segment, offset, length });
      }
      this.#diskBytes += segment.bytes;
      this.#nextSequence = sequence + 1;
      if (segment.live === 0) this.#remove(segment);
    }
    this.#judge();
  }

  async #flush(): Promise<void> {
    // One turn of the event loop, so that what finishes together is written together.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#queue.length > 0 && !this.#closing.signal.aborted) {
      const group = this.#takeGroup();
      this.#inFlight = group;
      try {
        await this.#write(group);
      } catch (error) {
        await this.#abandon(error);
        this.#queue.unshift(...group);
      }
      this.#inFlight = [];
    }
    // In the same turn as the last look at the queue: a later append must start a new flush.
    this.#flushing = undefined;
  }

  /** What goes into one write: as much as a file should hold, at least one record. */
  #takeGroup(): Queued[] {
    let bytes = 0;
    let count = 0;
    for (const queued of this.#queue) {
      if (count > 0 && bytes + queued.frame.length > this.#options.segmentBytes) break;
      bytes += queued.frame.length;
      count++;
    }
    return this.#queue.splice(0, count);
  }

  async #write(group: readonly Queued[]): Promise<void> {
    const kept = group.filter((queued) => !queued.dropped);
    const segment = kept.length > 0 ? this.#segmentFor(kept.reduce((sum, q) => sum + q.frame.length, 0)) : undefined;
    const before = segment?.bytes ?? 0;
    const places = segment ? await segment.append(kept.map((queued) => queued.frame)) : [];
    this.#fault = undefined;
    this.#diskBytes += (segment?.bytes ?? 0) - before;
    kept.forEach((queued, i) => this.#hold(queued.ref, queued.unit, places[i]!));
    for (const queued of group) this.#queuedBytes -= queued.frame.length;
    // Forgotten while it was written.
    for (const queued of kept) if (queued.dropped) this.ack(queued.ref.attemptId, [queued.unit]);
    for (const queued of group) queued.settle(!queued.dropped);
    this.#letIn();
    this.#judge();
  }

  #segmentFor(bytes: number): Segment {
    const current = this.#current;
    if (current && (current.bytes === 0 || current.bytes + bytes <= this.#options.segmentBytes)) return current;
    this.#current = this.#options.createSegment(this.#options.dir, this.#nextSequence++);
    if (current) this.#freed(current);
    return this.#current;
  }

  /** A failed write or flush: the file is left as it is and the same records go into a new one, after a pause. */
  async #abandon(error: unknown): Promise<void> {
    const segment = this.#current;
    this.#current = undefined;
    this.#fault = `the spool cannot be written (${(error as NodeJS.ErrnoException).code ?? String(error)}); results are kept in memory meanwhile`;
    this.#options.onWarning?.(`${segment?.path ?? this.#options.dir}: ${this.#fault}`, error);
    if (segment) this.#freed(segment);
    this.#judge();
    await this.#options.clock.sleep(this.#options.retryMs, this.#closing.signal).catch(() => undefined);
  }

  #hold(ref: AttemptRef, unit: number, place: Place): void {
    let attempt = this.#attempts.get(ref.attemptId);
    if (!attempt) this.#attempts.set(ref.attemptId, (attempt = { ref, units: new Map() }));
    const before = attempt.units.get(unit);
    attempt.units.set(unit, place);
    if (before) this.#release(before);
    else this.#records++;
  }

  #drop(attempt: HeldAttempt, unit: number): void {
    const place = attempt.units.get(unit);
    if (!place) return;
    attempt.units.delete(unit);
    this.#records--;
    this.#release(place);
  }

  #release(place: Place): void {
    place.segment.live--;
    this.#freed(place.segment);
  }

  /** Deletes a file that holds nothing any more, unless it is being written to or is still small. */
  #freed(segment: Segment): void {
    if (segment.live > 0) return;
    if (segment === this.#current) {
      if (segment.bytes < ROTATE_BYTES || this.#inFlight.length > 0) return;
      this.#current = undefined;
    }
    this.#remove(segment);
  }

  #remove(segment: Segment): void {
    this.#diskBytes -= segment.bytes;
    const removal = segment.remove().catch((error: unknown) => this.#options.onWarning?.(`${segment.path}: cannot be deleted`, error));
    this.#removals.add(removal);
    void removal.finally(() => this.#removals.delete(removal));
  }

  #letIn(): void {
    for (const resolve of this.#waiters.splice(0)) resolve();
  }

  /** Full from the limit on, and until a tenth of it is free again. */
  #judge(): void {
    const { maxBytes, maxRecords, onFull } = this.#options;
    const share = Math.max(this.#diskBytes / maxBytes, this.#records / maxRecords);
    const full = this.#fault !== undefined || share >= (this.#full ? 0.9 : 1);
    if (full === this.#full) return;
    this.#full = full;
    onFull?.(
      full,
      this.#fault ??
        (full
          ? `the spool holds ${this.#records} results (${this.#diskBytes} bytes) that are not acknowledged`
          : 'the spool has room again'),
    );
  }
}
