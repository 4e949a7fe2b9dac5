/** Lines for people on one stream: in messages of half a second, as many as the coordinator takes. What was not used is saved up for some seconds. */
import type { AgentLine } from '../../shared/domain/log-line.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import { bytesOf, type LogBook } from '../logs/log-book.ts';

/** Lines of so long a time go together. */
const TICK_MS = 500;
/** At the beginning, and after silence, so much is sent at once as else in so long a time. */
const SAVED_MS = 8_000;

export interface LinePaceOptions {
  logs: LogBook;
  clock: Clock;
  bytesPerSecond: number;
}

export class LinePace {
  readonly #options: LinePaceOptions;
  #room: number;
  #at: number;

  constructor(options: LinePaceOptions) {
    this.#options = options;
    this.#room = (options.bytesPerSecond * SAVED_MS) / 1000;
    this.#at = options.clock.monotonic();
  }

  /** The next lines, when there are some and they may be sent; rejects with the signal's reason. */
  async next(signal: AbortSignal): Promise<AgentLine[]> {
    const { logs, clock } = this.#options;
    for (;;) {
      await logs.something(signal);
      await clock.sleep(TICK_MS, signal);
      const lines = this.rest();
      if (lines.length > 0) return lines;
    }
  }

  /** What may be sent at once. */
  rest(): AgentLine[] {
    const { logs, clock, bytesPerSecond } = this.#options;
    const now = clock.monotonic();
    this.#room = Math.min((bytesPerSecond * SAVED_MS) / 1000, this.#room + ((now - this.#at) * bytesPerSecond) / 1000);
    this.#at = now;
    if (this.#room <= 0) return [];
    const lines = logs.take(this.#room);
    for (const line of lines) this.#room -= bytesOf(line);
    return lines;
  }
}
