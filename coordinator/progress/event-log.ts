/**
 * The event log of evaluations, read for many watchers at once: one reader per watched evaluation keeps the latest entries
 * in memory, and watchers take them from there. A watcher holds only its cursor, so a slow one costs nothing.
 */
import type { WatchEvent } from '../../shared/client/types.ts';
import { everyMs, type Clock } from '../../shared/runtime/clock.ts';
import type { RedisClient } from '../redis/connect.ts';
import { throwUnavailable } from '../redis/errors.ts';

const KEPT = 512;
/** An event tells of every group that has changed, and there may be thousands. */
const KEPT_BYTES = 1 << 20;
const READ = 500;
/** A look without a notice: notices can be lost. All watchers of an evaluation share it. */
const LOOK_MS = 1_000;
/** Entries whose events are kept as well, which take several times as much: those who are behind by more make their own. */
const SHARED = 16;
/** Watchers that one turn of the event loop wakes: a thousand of them must not hold up the other calls. */
const AT_ONCE = 100;

export interface LogEntry {
  cursor: string;
  json: string;
  /** Of the latest entries: as watchers get it, made by the first of them for all. */
  shared?: { event?: WatchEvent } | undefined;
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
  waiting: Set<LogWatcher>;
  /** Something was heard since the last look. */
  isHeard: boolean;
  /** What the last look has found of the evaluation, asked for by the first who wants to know. */
  head: Promise<unknown> | undefined;
  /** Ends the looks. */
  over: AbortController;
}

/** One who watches an evaluation's log; must be closed. */
export class LogWatcher {
  readonly #tail: Tail;
  readonly #onClosed: () => void;
  #resolve: ((isQuiet: boolean) => void) | undefined;
  #isOver = false;

  constructor(tail: Tail, onClosed: () => void) {
    this.#tail = tail;
    this.#onClosed = onClosed;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** Resolves when there is something after the cursor, at the next notice, or when it is over; `true`: nothing was heard for a second or two. */
  wait(cursor: string): Promise<boolean> {
    const last = this.#tail.entries.at(-1)?.cursor;
    const isBehind = cursor !== '' && last !== undefined && last !== cursor && compareCursors(last, cursor) > 0;
    if (this.#isOver || isBehind) return Promise.resolve(false);
    return new Promise((resolve) => {
      this.#resolve = resolve;
      this.#tail.waiting.add(this);
    });
  }

  wake(isQuiet = false): void {
    const resolve = this.#resolve;
    this.#resolve = undefined;
    this.#tail.waiting.delete(this);
    resolve?.(isQuiet);
  }

  /** What is asked once for all who were woken by the same look. */
  look<T>(ask: () => Promise<T>): Promise<T> {
    return (this.#tail.head ??= ask()) as Promise<T>;
  }

  /** Whoever waits, waits no more. */
  end(): void {
    this.#isOver = true;
    this.wake();
  }

  close(): void {
    this.end();
    this.#onClosed();
  }
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

  /** Begins to watch; the tail lives as long as somebody does. */
  open(evaluationId: string): LogWatcher {
    const tail = this.#tails.get(evaluationId) ?? this.#begin(evaluationId);
    tail.watchers++;
    return new LogWatcher(tail, () => {
      if (--tail.watchers > 0) return;
      tail.over.abort();
      this.#tails.delete(evaluationId);
    });
  }

  #begin(evaluationId: string): Tail {
    const over = new AbortController();
    const tail: Tail = {
      ...{ entries: [], watchers: 0, reading: undefined, again: false },
      ...{ waiting: new Set(), isHeard: false, head: undefined, over },
    };
    this.#tails.set(evaluationId, tail);
    void everyMs(this.#clock, LOOK_MS, over.signal, () => {
      tail.head = undefined;
      const isQuiet = !tail.isHeard;
      if (isQuiet) this.notice(evaluationId);
      tail.isHeard = false;
      if (isQuiet) this.#wake([...tail.waiting], true);
    });
    return tail;
  }

  /**
   * Entries after the cursor, some hundred at most. `undefined`: the log does not reach back that far, or knows nothing of
   * such a cursor; the watcher needs a snapshot.
   */
  async after(evaluationId: string, cursor: string): Promise<LogEntry[] | undefined> {
    const entries = this.#tails.get(evaluationId)?.entries ?? [];
    // Watchers are mostly at the end: looking from there is short. The cursor itself must be there: what comes after a smaller one is another
    // course, of a Redis that went back in time.
    const at = entries.findLastIndex((entry) => entry.cursor === cursor);
    if (at >= 0) return headOf(entries.slice(at + 1));
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
    tail.isHeard = true;
    if (tail.reading) {
      tail.again = true;
      return;
    }
    tail.reading = this.#read(evaluationId, tail)
      .catch(() => undefined) // the watchers' own look, a second later, finds what is missing
      .finally(() => {
        tail.reading = undefined;
        this.#wake([...tail.waiting], false);
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
    else for (const [id, fields] of last ? rows.slice(1) : rows) tail.entries.push({ cursor: id, json: fields[1]!, shared: {} });
    for (const entry of tail.entries.slice(0, -SHARED)) entry.shared = undefined;
    tail.entries = tailOf(tail.entries);
  }

  #wake(waiting: LogWatcher[], isQuiet: boolean): void {
    for (const watcher of waiting.splice(0, AT_ONCE)) watcher.wake(isQuiet);
    if (waiting.length > 0) this.#clock.soon(() => this.#wake(waiting, isQuiet));
  }
}
