/**
 * How long files are waited for. A folder may hang, as network folders do, and what waits for it cannot be called off: so no more than two of the four
 * threads that a process has for files are ever in it, which leaves the spool the others; each operation is waited for a short while; and while one
 * hangs, no other begins.
 */
import { withDeadline } from '../../shared/runtime/abort.ts';
import type { Clock } from '../../shared/runtime/clock.ts';

/** It took too long, or another one hangs: go on without. */
export const LATE = 'late';
export type Late = typeof LATE;

const AT_ONCE = 2;

/** Of one operation: it waits for its turn, runs, or nobody waits for it any more, whether it had begun or not. */
type State = 'waiting' | 'running' | 'given up' | 'hanging';

export class Patience {
  readonly #ms: number;
  readonly #clock: Clock;
  readonly #onLate: () => void;
  #running = 0;
  /** Nobody waits for them any more, and they have not ended. */
  #hanging = 0;
  readonly #waiting: (() => void)[] = [];

  /** onLate: told when one begins to hang. */
  constructor(options: { ms: number; clock: Clock; onLate: () => void }) {
    this.#ms = options.ms;
    this.#clock = options.clock;
    this.#onLate = options.onLate;
  }

  /** `work` never fails. `isLong`: it may take its time, and is no sign of a folder that hangs. */
  async run<T>(work: () => Promise<T>, { isLong = false } = {}): Promise<T | Late> {
    if (this.#hanging > 0) return LATE;
    let state = 'waiting' as State;
    const done = async (): Promise<T | Late> => {
      await this.#turn();
      try {
        if (state !== 'waiting' || this.#hanging > 0) return LATE;
        state = 'running';
        return await work();
      } finally {
        if (state === 'hanging') this.#hanging--;
        this.#leave();
      }
    };
    try {
      return await withDeadline({ ms: this.#ms, what: 'the completion cache', clock: this.#clock }, done);
    } catch {
      const hangs = state === 'running' && !isLong;
      state = hangs ? 'hanging' : 'given up';
      if (hangs && this.#hanging++ === 0) this.#onLate();
      return LATE;
    }
  }

  async #turn(): Promise<void> {
    if (this.#running < AT_ONCE) this.#running++;
    else await new Promise<void>((resolve) => void this.#waiting.push(resolve));
  }

  /** The next one has the place at once. */
  #leave(): void {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#running--;
  }
}
