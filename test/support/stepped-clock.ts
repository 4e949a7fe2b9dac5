/** Time that passes when a test says so: sleepers wake in order, each before the next one's time. */
import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../../shared/runtime/clock.ts';

export class SteppedClock implements Clock {
  #timeMs = 1_000_000;
  #sleepers: { untilMs: number; wake: () => void }[] = [];
  now = (): number => this.#timeMs;
  monotonic = (): number => this.#timeMs;
  soon = (work: () => void): void => void setTimeout(work, 0);

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason as Error);
      const sleeper = { untilMs: this.#timeMs + ms, wake: resolve };
      this.#sleepers.push(sleeper);
      signal?.addEventListener('abort', () => {
        this.#sleepers = this.#sleepers.filter((other) => other !== sleeper);
        reject(signal.reason as Error);
      });
    });
  }

  async advance(ms: number): Promise<void> {
    const endMs = this.#timeMs + ms;
    for (;;) {
      await setImmediate();
      const next = this.#sleepers.toSorted((a, b) => a.untilMs - b.untilMs)[0];
      if (!next || next.untilMs > endMs) break;
      this.#timeMs = Math.max(this.#timeMs, next.untilMs);
      this.#sleepers = this.#sleepers.filter((other) => other !== next);
      next.wake();
    }
    this.#timeMs = endMs;
    await setImmediate();
  }

  /** All of it at once, as for a process that was halted. */
  jump(ms: number): void {
    this.#timeMs += ms;
  }
}
