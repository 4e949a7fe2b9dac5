/**
 * A key of this agent: its value, and the way to read it again where it may change. Whatever prints a Secret (a log, JSON, a crash, an inspection)
 * prints `[key]`; only `value` tells it.
 */
import { inspect } from 'node:util';
import { REDACTED } from '../../shared/domain/redactor.ts';
import type { Clock } from '../../shared/runtime/clock.ts';

export interface SecretOptions {
  /** Where it comes from, for people, and what makes two entries share it: `OPENAI_API_KEY`, a path. Never the value. */
  source: string;
  /** Reads it again. Throws AppError with words that do not show it. Absent: it stands as it is. */
  read?: () => Promise<string>;
  /** Read again before a use, when it is older than this. */
  maxAgeMs?: number;
}

/** Between two readings: an endpoint that refuses every key must not have a program run for every call. */
const REST_MS = 5_000;

export class Secret {
  readonly #options: SecretOptions;
  readonly #watchers: ((value: string) => void)[] = [];
  #value: string;
  #readAtMs: number | undefined;
  /** Of the last time that it was read again. */
  #againAtMs = -Infinity;
  #reading: Promise<void> | undefined;
  #onTrouble: (problem: string) => void = () => undefined;

  constructor(value: string, options: SecretOptions = { source: 'given' }) {
    this.#value = value;
    this.#options = options;
  }

  get value(): string {
    return this.#value;
  }

  get source(): string {
    return this.#options.source;
  }

  /** `onValue` hears of each new value before it is used; `onTrouble` why it could not be read again. */
  watch({ onValue, onTrouble }: { onValue: (value: string) => void; onTrouble?: (problem: string) => void }): void {
    this.#watchers.push(onValue);
    if (onTrouble) this.#onTrouble = onTrouble;
  }

  /** The value for a call: read again if it is too old. Where that fails, the one that there is. */
  async current(clock: Pick<Clock, 'monotonic'>): Promise<string> {
    const { read, maxAgeMs = Infinity } = this.#options;
    const nowMs = clock.monotonic();
    // Its age counts from the first use: it was read just before.
    this.#readAtMs ??= nowMs;
    if (read && nowMs - this.#readAtMs >= maxAgeMs) await this.#readAgain(nowMs);
    return this.#value;
  }

  /** An endpoint has refused `used`. Returns whether there is another value now. */
  async refused(used: string, clock: Pick<Clock, 'monotonic'>): Promise<boolean> {
    if (this.#value === used && this.#options.read) await this.#readAgain(clock.monotonic());
    return this.#value !== used;
  }

  toString(): string {
    return REDACTED;
  }

  toJSON(): string {
    return REDACTED;
  }

  [inspect.custom](): string {
    return REDACTED;
  }

  /** All who ask meanwhile wait for the same reading. Never rejects. */
  async #readAgain(nowMs: number): Promise<void> {
    if (!this.#reading && nowMs - this.#againAtMs < REST_MS) return;
    this.#reading ??= this.#replace(nowMs).finally(() => (this.#reading = undefined));
    await this.#reading;
  }

  async #replace(nowMs: number): Promise<void> {
    this.#readAtMs = this.#againAtMs = nowMs;
    try {
      const value = await this.#options.read!();
      if (value === this.#value) return;
      for (const watcher of this.#watchers) watcher(value);
      this.#value = value;
    } catch (error) {
      this.#onTrouble(error instanceof Error ? error.message : 'it cannot be read');
    }
  }
}
