/** Lets so many in at a time; the others wait in a line of bounded length, first come, first served. */
import { AppError } from '../domain/errors.ts';

export class Turnstile {
  readonly #places: number;
  readonly #maxWaiting: number;
  readonly #line: (() => void)[] = [];
  #inside = 0;

  constructor(options: { places: number; maxWaiting: number }) {
    this.#places = options.places;
    this.#maxWaiting = options.maxWaiting;
  }

  get waiting(): number {
    return this.#line.length;
  }

  /** Runs `work` when it is its turn; `unavailable` at once when the line is full. */
  async pass<T>(work: () => Promise<T>): Promise<T> {
    if (this.#inside >= this.#places) {
      if (this.#line.length >= this.#maxWaiting)
        throw new AppError('unavailable', `${this.#line.length} wait already; come again in a while`, { retryAfterMs: 2_000 });
      await new Promise<void>((resolve) => void this.#line.push(resolve)); // who leaves hands its place over
    } else this.#inside++;
    try {
      return await work();
    } finally {
      const next = this.#line.shift();
      if (next) next();
      else this.#inside--;
    }
  }
}
