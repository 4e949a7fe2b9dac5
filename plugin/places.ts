/** A bounded number of things at a time; the others wait for their turn, first come, first served. */
export class Places {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  /** Throws RangeError unless there is at least one place. */
  constructor(count: number) {
    if (!Number.isInteger(count) || count < 1) throw new RangeError(`concurrency is ${count}; write a whole number from 1 on`);
    this.#free = count;
  }

  /** Resolves when a place is taken; the caller leaves it again. */
  async take(): Promise<void> {
    if (this.#free > 0) {
      this.#free--;
      return;
    }
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  leave(): void {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#free++;
  }
}
