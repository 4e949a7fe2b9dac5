/**
 * Notices that this process slept: was stopped, or its host was suspended. While it sleeps nothing renews its leases, and the
 * coordinators give its tasks to others.
 *
 * The time between two looks is taken by two clocks, and the longer one counts: the monotonic one does not run while the host is suspended,
 * the time since the host's boot does. The wall clock is not asked: a step of it is no sleep. A virtual machine that was paused may see
 * nothing by either; it finds its stream broken.
 */
import type { Clock } from '../../shared/runtime/clock.ts';

export class SleepWatch {
  readonly #clock: Pick<Clock, 'monotonic'>;
  readonly #sinceBootMs: () => number;
  #monotonic: number;
  #boot: number;

  constructor(clock: Pick<Clock, 'monotonic'>, sinceBootMs: () => number) {
    this.#clock = clock;
    this.#sinceBootMs = sinceBootMs;
    this.#monotonic = clock.monotonic();
    this.#boot = sinceBootMs();
  }

  /** Milliseconds since the last look. */
  look(): number {
    const [monotonic, boot] = [this.#clock.monotonic(), this.#sinceBootMs()];
    const passed = Math.max(monotonic - this.#monotonic, boot - this.#boot);
    this.#monotonic = monotonic;
    this.#boot = boot;
    return passed;
  }
}
