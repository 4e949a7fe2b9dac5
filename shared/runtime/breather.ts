import { systemClock, type Clock } from './clock.ts';

/** Runs pieces of work that hold up the event loop, and leaves turns for all else between them. */
export class Breather {
  readonly #maxMs: number;
  readonly #clock: Pick<Clock, 'monotonic' | 'soon'>;
  readonly #waiting: (() => void)[] = [];
  /** When the pieces of this turn began; undefined before the first one of a turn. */
  #since: number | undefined;

  /** `maxMs`: what pieces may take of one turn of the event loop; one that began is not interrupted. */
  constructor({ maxMs = 20, clock = systemClock }: { maxMs?: number; clock?: Pick<Clock, 'monotonic' | 'soon'> } = {}) {
    this.#maxMs = maxMs;
    this.#clock = clock;
  }

  /** Runs the piece in this turn while there is time, after those that wait already; otherwise in a later one. */
  run<T>(piece: () => T): Promise<T> {
    return new Promise<T>((resolve) => {
      // The executor runs the piece at once, and what it throws becomes the rejection.
      this.#waiting.push(() => resolve(new Promise((done) => done(piece()))));
      this.#work();
    });
  }

  #work(): void {
    if (this.#since === undefined) {
      this.#since = this.#clock.monotonic();
      this.#clock.soon(() => {
        this.#since = undefined;
        if (this.#waiting.length > 0) this.#work();
      });
    }
    while (this.#waiting.length > 0 && this.#clock.monotonic() - this.#since < this.#maxMs) this.#waiting.shift()!();
  }
}
