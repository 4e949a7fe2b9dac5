/**
 * The purses of an agent, one for each key with a cap. Before a call leaves, its purse has room for it, and the file says so: what was written there
 * is never less than what may have been spent, so a crash cannot free anything. It is written ahead by a hundredth of the cap, not at each call.
 */
import { createHash } from 'node:crypto';
import type { Clock } from '../../shared/runtime/clock.ts';
import { METERS, NOTHING, plus, SpendBook, startOf, type Amount, type Cap, type Hold } from './spend-book.ts';
import type { SpentByKey } from './spend-file.ts';

export interface PursesOptions {
  /** What the last life has written. */
  before: SpentByKey;
  write: (keys: SpentByKey) => Promise<void>;
  clock: Pick<Clock, 'now'>;
}

/**
 * `waitMs`: until there may be room again. `why`: half a sentence for people. `forAll`: other calls will fare no better; otherwise this one asks for
 * so much that smaller ones may well find room, and whoever submits it must not keep them from it.
 */
export interface Refusal {
  waitMs: number;
  why: string;
  forAll: boolean;
}

/** A call that asks for more than this part of a cap is refused alone, while more than that part of it is left. */
const LARGE_PART = 0.25;

const PARTS = 100;
/** After a file that could not be written. */
const WRITE_AGAIN_MS = 60_000;

export class Purses {
  readonly #options: PursesOptions;
  readonly #purses = new Map<string, Purse>();
  #writing: Promise<void> | undefined;
  #next: Promise<void> | undefined;

  constructor(options: PursesOptions) {
    this.#options = options;
  }

  /** That of a key, by the name of what it is read from. */
  open(source: string, cap: Cap): Purse {
    const id = createHash('sha256').update(source).digest('hex').slice(0, 16);
    let purse = this.#purses.get(id);
    if (!purse) {
      const { clock, before } = this.#options;
      purse = new Purse(new SpendBook(cap, clock.now(), beforeOf(before[id])), { clock, write: () => this.#write() });
      this.#purses.set(id, purse);
    }
    return purse;
  }

  /** The exact sums, at an end in order. */
  async close(): Promise<void> {
    for (const purse of this.#purses.values()) purse.close();
    if (this.#purses.size > 0) await this.#write();
  }

  /** One write at a time; who comes while one is under way waits for the next, which has what he needs. */
  #write(): Promise<void> {
    if (!this.#writing) return (this.#writing = this.#writeNow().finally(() => (this.#writing = undefined)));
    this.#next ??= this.#writing
      .catch(() => undefined)
      .then(() => {
        this.#next = undefined;
        return this.#write();
      });
    return this.#next;
  }

  async #writeNow(): Promise<void> {
    const marks = [...this.#purses].map(([id, purse]) => ({ id, purse, mark: purse.mark }));
    const known = Object.fromEntries(marks.map(({ id, mark }) => [id, mark]));
    // What belongs to keys that are not configured now stays: they may come back today.
    await this.#options.write({ ...this.#options.before, ...known });
    for (const { purse, mark } of marks) purse.written(mark);
  }
}

const beforeOf = (before: (Amount & { day: number }) | undefined): { day: number; spent: Amount } | undefined =>
  before && { day: before.day, spent: { microUsd: before.microUsd, tokens: before.tokens } };

type Mark = Amount & { day: number };

export class Purse {
  readonly book: SpendBook;
  readonly #parts: { clock: Pick<Clock, 'now'>; write: () => Promise<void> };
  readonly #waiting = new Set<() => void>();
  /** What the next write says. */
  #mark: Mark;
  /** What the file says. */
  #safe: Mark;

  constructor(book: SpendBook, parts: { clock: Pick<Clock, 'now'>; write: () => Promise<void> }) {
    this.book = book;
    this.#parts = parts;
    this.#mark = this.#safe = { ...book.spent, day: book.day };
  }

  get mark(): Mark {
    return this.#mark;
  }

  written(mark: Mark): void {
    this.#safe = mark;
  }

  /**
   * Room for a call. Where calls in flight may leave some when they settle, it waits for them; rejects with the signal's reason when it aborts
   * meanwhile. A Refusal: there is none today.
   */
  async take(amount: Amount, signal: AbortSignal): Promise<Hold | Refusal> {
    const { clock } = this.#parts;
    for (;;) {
      signal.throwIfAborted();
      const hold = this.book.reserve(amount, clock.now());
      if (hold) return this.#noted(hold);
      if (this.book.inFlight === 0) return this.#refusal(amount);
      await this.#settled(signal);
    }
  }

  /** No call is made any more: the exact sums are what is to be written. */
  close(): void {
    this.#mark = this.#now();
  }

  #now = (): Mark => ({ ...this.book.committed, day: this.book.day });

  async #noted(hold: Hold): Promise<Hold | Refusal> {
    const own: Hold = {
      reserved: hold.reserved,
      settle: (taken, nowMs) => {
        hold.settle(taken, nowMs);
        for (const wake of this.#waiting) wake();
        // It took more than was reserved for it. Where that cannot be written, the next call is refused.
        if (!this.#covers(this.#mark, this.#now())) void this.#write().catch(() => undefined);
      },
    };
    const needed = this.#now();
    if (this.#covers(this.#safe, needed)) return own;
    try {
      await this.#write();
      return own;
    } catch (error) {
      own.settle(NOTHING, this.#parts.clock.now());
      return {
        waitMs: WRITE_AGAIN_MS,
        forAll: true,
        why: `what it spends cannot be written down (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`,
      };
    }
  }

  #write(): Promise<void> {
    const { cap } = this.book;
    const now = this.#now();
    if (!this.#covers(this.#mark, now)) {
      const ahead = (meter: keyof Amount): number => Math.ceil((cap[meter] ?? 0) / PARTS);
      this.#mark = { ...plus(now, { microUsd: ahead('microUsd'), tokens: ahead('tokens') }), day: now.day };
    }
    return this.#parts.write();
  }

  /** Whether a mark says at least so much of all that is capped. */
  #covers(mark: Mark, needed: Mark): boolean {
    const { cap } = this.book;
    return (
      mark.day > needed.day ||
      (mark.day === needed.day && METERS.every((meter) => cap[meter] === undefined || mark[meter] >= needed[meter]))
    );
  }

  #settled(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        signal.removeEventListener('abort', wake);
        this.#waiting.delete(wake);
        resolve();
      };
      signal.addEventListener('abort', wake, { once: true });
      this.#waiting.add(wake);
    });
  }

  #refusal(amount: Amount): Refusal {
    const { spent, cap } = this.book;
    const meter = METERS.find((name) => spent[name] + amount[name] > (cap[name] ?? Infinity)) ?? 'tokens';
    const most = cap[meter] ?? 0;
    const shown = (number: number): string => (meter === 'tokens' ? String(Math.ceil(number)) : (number / 1e6).toFixed(2));
    const unit = meter === 'tokens' ? 'tokens' : 'US dollars';
    return {
      waitMs: Math.max(1000, startOf(this.book.day + 1) - this.#parts.clock.now()),
      why: `${shown(spent[meter])} of ${shown(most)} ${unit} are spent today (UTC), and the next call may take ${shown(amount[meter])}`,
      forAll: amount[meter] <= most * LARGE_PART || spent[meter] >= most * (1 - LARGE_PART),
    };
  }
}
