/** How often something may happen: so many times a second for ever, and as many at once, or `burst`. Pure. */
export class Pace {
  readonly #perSecond: number;
  readonly #burst: number;
  #left: number;
  #atMs: number;

  constructor(perSecond: number, nowMs: number, burst = perSecond) {
    this.#perSecond = perSecond;
    this.#burst = burst;
    this.#left = burst;
    this.#atMs = nowMs;
  }

  /** Counts one; how long the next one is to wait for, in ms. */
  next(nowMs: number): number {
    this.#left = Math.min(this.#burst, this.#left + ((nowMs - this.#atMs) / 1000) * this.#perSecond) - 1;
    this.#atMs = nowMs;
    return this.#left >= 1 ? 0 : Math.ceil(((1 - this.#left) / this.#perSecond) * 1000);
  }
}
