/** How fast a count grows: over a sliding window, so that it follows changes and does not jump. */
const WINDOW_MS = 15_000;
const SPACING_MS = 500;

export class RateMeter {
  /** At most WINDOW_MS / SPACING_MS + 2 points. */
  #points: { atMs: number; value: number }[] = [];

  /** Takes the count's value at a monotonic time. */
  note(atMs: number, value: number): void {
    const before = this.#points.at(-2);
    if (before && atMs - before.atMs < SPACING_MS) this.#points.pop();
    this.#points.push({ atMs, value });
    while (this.#points.length > 2 && this.#points[1]!.atMs <= atMs - WINDOW_MS) this.#points.shift();
  }

  /** Counts a second at `nowMs`, 0 as long as nothing is known. */
  perSecond(nowMs: number): number {
    const first = this.#points[0];
    const last = this.#points.at(-1);
    if (!first || !last || last.value <= first.value) return 0;
    const spanMs = Math.max(nowMs, last.atMs) - first.atMs;
    return spanMs < 200 ? 0 : ((last.value - first.value) / spanMs) * 1000;
  }

  /** Milliseconds until `remaining` more have been counted, or undefined when that cannot be said. */
  etaMs(remaining: number, nowMs: number): number | undefined {
    const rate = this.perSecond(nowMs);
    return rate > 0 ? (remaining / rate) * 1000 : undefined;
  }
}
