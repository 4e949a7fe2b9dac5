/**
 * The event log of evaluations, read for many watchers at once: one reader per watched evaluation keeps the latest entries
 * in memory, and watchers take them from there. A watcher holds only its cursor, so a slow one costs nothing.
 */
import { ENDED } from '../../shared/runtime/abort.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import type { RedisClient } from '../redis/connect.ts';
import { throwUnavailable } from '../redis/errors.ts';

const KEPT = 512;
/** An event tells of every group that has changed, and there may be thousands. */
const KEPT_BYTES = 1 << 20;
const READ = 500;

export interface LogEntry {
  cursor: string;
  json: string;
}

/** Cursors are `<generation>-<number>`; negative, zero or positive as a is before, at or after b. */
export function compareCursors(a: string, b: string): number {
  const [ag, an] = a.split('-').map(Number) as [number, number];
  const [bg, bn] = b.split('-').map(Number) as [number, number];
  return ag - bg || an - bn;
}

export const isCursor = (text: string): boolean => /^\d{1,15}-\d{1,15}$/.test(text);

/** What a watcher holds while it does not read: some entries, the first ones; one alone may be larger. */
function headOf(entries: LogEntry[]): LogEntry[] {
  let bytes = 0;
  const end = entries.findIndex((entry, i) => (bytes += entry.json.length) > KEPT_BYTES && i > 0);
  return end < 0 ? entries : entries.slice(0, end);
}

/** The same of the last ones. */
function tailOf(entries: LogEntry[]): LogEntry[] {
  let bytes = 0;
  const before = entries.findLastIndex((entry, i) => (bytes += entry.json.length) > KEPT_BYTES && i < entries.length - 1);
  return entries.slice(Math.max(before + 1, entries.length - KEPT));
}

interface Tail {
  entries: LogEntry[];
  watchers: number;
  reading: Promise<void> | undefined;
  again: boolean;
  waiting: Set<() => void>;
}

export class EventLog {
  readonly #redis: RedisClient;
  readonly #keyOf: (evaluationId: string) => string;
  readonly #clock: Clock;
  readonly #tails = new Map<string, Tail>();

  constructor(redis: RedisClient, keyOf: (evaluationId: string) => string, clock: Clock) {
    this.#clock = clock;
    this.#redis = redis;
    this.#keyOf = keyOf;
  }

  /** Must be called around watching; the tail lives as long as somebody watches. */
  open(evaluationId: string): () => void {
    const tail = this.#tails.get(evaluationId) ?? { entries: [], watchers: 0, reading: undefined, again: false, waiting: new Set() };
    this.#tails.set(evaluationId, tail);
    tail.watchers++;
    return () => {
      if (--tail.watchers === 0) this.#tails.delete(evaluationId);
    };
  }

  /**
   * Entries after the cursor, some hundred at most. `undefined`: the log does not reach back that far, or knows nothing of
   * such a cursor; the watcher needs a snapshot.
   */
  async after(evaluationId: string, cursor: string): Promise<LogEntry[] | undefined> {
    const tail = this.#tails.get(evaluationId);
    const first = tail?.entries[0];
    if (tail && first && compareCursors(cursor, first.cursor) >= 0) {
      // Watchers are mostly at the end: looking from there is short.
      const at = tail.entries.findLastIndex((e) => compareCursors(e.cursor, cursor) <= 0);
      // The cursor itself must be there: what comes after a smaller one is another course, of a Redis that went back in time.
      if (tail.entries[at]?.cursor === cursor) return headOf(tail.entries.slice(at + 1));
    }
    return this.#range(evaluationId, cursor);
  }

  /** The entry of this cursor, also where the tail has not been read so far. */
  async entry(evaluationId: string, cursor: string): Promise<LogEntry | undefined> {
    const kept = this.#tails.get(evaluationId)?.entries.find((entry) => entry.cursor === cursor);
    if (kept) return kept;
    const [row] = await this.#redis.xrange(this.#keyOf(evaluationId), cursor, cursor).catch(throwUnavailable);
    return row && { cursor, json: row[1][1]! };
  }

  /** The last entries, the newest first. */
  async latest(evaluationId: string, entries: number): Promise<LogEntry[]> {
    const rows = await this.#redis.xrevrange(this.#keyOf(evaluationId), '+', '-', 'COUNT', entries).catch(throwUnavailable);
    return rows.map(([cursor, fields]) => ({ cursor, json: fields[1]! }));
  }

  /** Entries from the cursor on; the first one must be the cursor's own, or the log has lost it. */
  async #range(evaluationId: string, cursor: string): Promise<LogEntry[] | undefined> {
    const rows = await this.#redis.xrange(this.#keyOf(evaluationId), cursor, '+', 'COUNT', READ).catch(throwUnavailable);
    if (rows[0]?.[0] !== cursor) return undefined;
    return headOf(rows.slice(1).map(([id, fields]) => ({ cursor: id, json: fields[1]! })));
  }

  /** Somebody appended: reads on and wakes the watchers. */
  notice(evaluationId: string): void {
    const tail = this.#tails.get(evaluationId);
    if (!tail) return;
    if (tail.reading) {
      tail.again = true;
      return;
    }
    tail.reading = this.#read(evaluationId, tail)
      .catch(() => undefined) // the watchers' own look, a second later, finds what is missing
      .finally(() => {
        tail.reading = undefined;
        for (const wake of [...tail.waiting]) wake();
        if (tail.again) {
          tail.again = false;
          this.notice(evaluationId);
        }
      });
  }

  async #read(evaluationId: string, tail: Tail): Promise<void> {
    const last = tail.entries.at(-1);
    const key = this.#keyOf(evaluationId);
    const rows = last
      ? await this.#redis.xrange(key, last.cursor, '+', 'COUNT', READ)
      : await this.#redis.xrevrange(key, '+', '-', 'COUNT', 1);
    // A log that does not have our last entry any more was rebuilt: forget the tail.
    if (last && rows[0]?.[0] !== last.cursor) tail.entries = [];
    else for (const [id, fields] of last ? rows.slice(1) : rows) tail.entries.push({ cursor: id, json: fields[1]! });
    tail.entries = tailOf(tail.entries);
  }

  /** Resolves when there is something after the cursor, at the next notice, after `timeoutMs`, or when the signal aborts. */
  async wait(evaluationId: string, cursor: string, timeoutMs: number, signal: AbortSignal): Promise<void> {
    const tail = this.#tails.get(evaluationId);
    if (!tail || signal.aborted) return;
    const last = tail.entries.at(-1)?.cursor;
    if (cursor !== '' && last !== undefined && compareCursors(last, cursor) > 0) return;
    await new Promise<void>((resolve) => {
      const over = new AbortController();
      const done = (): void => {
        over.abort(ENDED);
        signal.removeEventListener('abort', done);
        tail.waiting.delete(done);
        resolve();
      };
      this.#clock.sleep(timeoutMs, over.signal).then(done, () => undefined);
      signal.addEventListener('abort', done, { once: true });
      tail.waiting.add(done);
    });
  }
}
