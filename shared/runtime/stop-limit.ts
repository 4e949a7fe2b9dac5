/** A time within which something has to end: what takes longer is left behind, with a word. Whatever it was doing may be broken off at any point. */
import { AppError } from '../domain/errors.ts';
import { withDeadline } from './abort.ts';
import type { Clock } from './clock.ts';
import type { Service } from './service.ts';

/** When the time is over, what would end at once still does. */
const LEAST_MS = 100;

export interface StopLimitParts {
  clock: Clock;
  limitMs: number;
  /** Something has not ended in its time. */
  onLate: (error: AppError) => void;
}

export class StopLimit {
  readonly #parts: StopLimitParts;
  #untilMs: number | undefined;

  constructor(parts: StopLimitParts) {
    this.#parts = parts;
  }

  /** Waits for the work; the time runs from the first call on, for all of them together. */
  async wait(what: string, work: () => Promise<unknown>): Promise<void> {
    const { clock, limitMs, onLate } = this.#parts;
    this.#untilMs ??= clock.monotonic() + limitMs;
    const ms = Math.max(LEAST_MS, this.#untilMs - clock.monotonic());
    let isLate = false;
    try {
      await withDeadline({ ms, what, clock }, async (signal) => {
        signal.addEventListener('abort', () => (isLate = true), { once: true });
        await work();
      });
    } catch (error) {
      if (!isLate) throw error;
      onLate(AppError.from(error));
    }
  }

  /** A service whose stop is under this limit. */
  of(what: string, service: Service): Service {
    return { start: () => service.start(), stop: () => this.wait(what, () => service.stop()) };
  }
}
