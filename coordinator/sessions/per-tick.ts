/** Gathers what is produced within one tick of the event loop, so that it leaves as one message. */
export class PerTick<T> {
  readonly #leave: (items: T[]) => void;
  #items: T[] = [];

  constructor(leave: (items: T[]) => void) {
    this.#leave = leave;
  }

  add(item: T): void {
    if (this.#items.push(item) === 1) setImmediate(() => this.flush());
  }

  /** Lets everything leave now. */
  flush(): void {
    const items = this.#items;
    if (items.length === 0) return;
    this.#items = [];
    this.#leave(items);
  }
}
