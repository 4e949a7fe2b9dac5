/** Lets others have their turn of the event loop while many short pieces of work, or a few long ones, are done in a row. */
export class Breather {
  readonly #maxMs: number;
  #since = performance.now();
  #turn: Promise<void> | undefined;

  /** `maxMs`: how long work may go on without a turn for others; a piece that began is not interrupted. */
  constructor(maxMs = 20) {
    this.#maxMs = maxMs;
  }

  /** Call before each piece: waits for a turn when the last one is too long ago. Of several that wait, each looks again before it goes on. */
  async pause(): Promise<void> {
    while (performance.now() - this.#since > this.#maxMs) {
      this.#turn ??= new Promise((resolve) => {
        setImmediate(() => {
          this.#since = performance.now();
          this.#turn = undefined;
          resolve();
        });
      });
      await this.#turn;
    }
  }
}
