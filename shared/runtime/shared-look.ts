/**
 * A look at something that many ask for at once: one is under way at a time, and whoever asks meanwhile shares the next one. So each sees what was
 * there when it asked, and any number of callers cost two looks.
 */
export class SharedLook<T> {
  readonly #work: () => Promise<T>;
  #now: Promise<T> | undefined;
  #next: Promise<T> | undefined;

  /** `work` must come to an end by itself. */
  constructor(work: () => Promise<T>) {
    this.#work = work;
  }

  /** Rejects as the look does, for all who share it. */
  look(): Promise<T> {
    if (this.#next) return this.#next;
    if (!this.#now) return this.#begin();
    const begin = (): Promise<T> => this.#begin();
    this.#next = this.#now.then(begin, begin);
    return this.#next;
  }

  #begin(): Promise<T> {
    this.#next = undefined;
    const now = this.#work().finally(() => {
      if (this.#now === now) this.#now = undefined;
    });
    this.#now = now;
    return now;
  }
}
