/** How late events came: counts by the millisecond, so that a million of them cost no memory. */
const MOST_MS = 30_000;

/** What many lags come to, in milliseconds. */
export interface Lag {
  events: number;
  p50: number;
  p99: number;
  max: number;
}

export class Lags {
  readonly #counts = new Uint32Array(MOST_MS + 1);
  #events = 0;

  add(ms: number): void {
    this.#counts[Math.max(0, Math.min(MOST_MS, Math.round(ms)))]!++;
    this.#events++;
  }

  /** What was added since the last call. */
  take(): Lag {
    const lag = { events: this.#events, p50: this.#percentile(0.5), p99: this.#percentile(0.99), max: this.#percentile(1) };
    this.#counts.fill(0);
    this.#events = 0;
    return lag;
  }

  #percentile(p: number): number {
    let left = Math.ceil(p * this.#events);
    return Math.max(
      0,
      this.#counts.findIndex((count) => (left -= count) <= 0),
    );
  }
}
