/** The clock of one simulated process: its wall clock may be wrong, its monotonic one goes with the world. */
import type { Clock } from '../../shared/runtime/clock.ts';
import type { Life } from './world.ts';

/** How wrong the wall clock of a host is; it outlives its processes. */
export interface Skew {
  ms: number;
}

export class SimClock implements Clock {
  readonly #life: Life;
  readonly #skew: Skew;

  constructor(life: Life, skew: Skew = { ms: 0 }) {
    this.#life = life;
    this.#skew = skew;
  }

  now = (): number => Math.round(this.#life.world.now + this.#skew.ms);
  monotonic = (): number => this.#life.world.time;
  soon = (work: () => void): void => void this.#life.world.after(0, () => this.#life.act(work));

  sleep = (ms: number, signal?: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason as Error);
      const onAbort = (): void => {
        event.cancelled = true;
        reject(signal!.reason as Error);
      };
      const event = this.#life.world.after(ms, () =>
        this.#life.act(() => {
          signal?.removeEventListener('abort', onAbort);
          resolve();
        }),
      );
      signal?.addEventListener('abort', onAbort, { once: true });
    });
}
