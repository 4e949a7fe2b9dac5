import type { Clock } from '../../shared/runtime/clock.ts';

/** Gathers what is produced within one tick of the event loop, so that it leaves as one message. */
export class PerTick<T> {
  readonly #clock: Pick<Clock, 'soon'>;
  readonly #leave: (items: T[]) => void;
  #items: T[] = [];

  constructor(clock: Pick<Clock, 'soon'>, leave: (items: T[]) => void) {
    this.#clock = clock;
    this.#leave = leave;
  }

  add(item: T): void {
    if (this.#items.push(item) === 1) this.#clock.soon(() => this.flush());
  }

  /** Lets everything leave now. */
  flush(): void {
    const items = this.#items;
    if (items.length === 0) return;
    this.#items = [];
    this.#leave(items);
  }
}
