/** Runs pieces of work that hold up the event loop, and leaves turns for all else between them. */
export class Breather {
  readonly #maxMs: number;
  readonly #waiting: (() => void)[] = [];
  #since = performance.now();

  /** `maxMs`: after so much time without a turn for others, each further piece waits for one. A piece that began is not interrupted. */
  constructor(maxMs = 20) {
    this.#maxMs = maxMs;
  }

  /** Runs the piece now, or after those that wait already. */
  async run<T>(piece: () => T): Promise<T> {
    if (this.#waiting.length > 0 || performance.now() - this.#since > this.#maxMs) {
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve);
        if (this.#waiting.length === 1) this.#nextTurn();
      });
    }
    return piece();
  }

  /** One piece per turn: the next may take as long as the last. */
  #nextTurn(): void {
    setImmediate(() => {
      this.#since = performance.now();
      this.#waiting.shift()!();
      if (this.#waiting.length > 0) this.#nextTurn();
    });
  }
}
