/** How fast counts grow, by what was seen of them within the last seconds. */
const WINDOW_MS = 20_000;
const SPACING_MS = 400;
const MOST = 2_000;

/** One meter for each name. */
export class Rates {
  readonly #points = new Map<string, { atMs: number; value: number }[]>();

  note(name: string, value: number, atMs: number): void {
    if (this.#points.size >= MOST && !this.#points.has(name)) this.#points.clear();
    const points = this.#points.get(name) ?? [];
    // What was closed is open again: nothing of before says how fast it is now.
    if (points.length > 0 && points.at(-1)!.value > value) points.length = 0;
    if (points.length > 1 && atMs - points.at(-2)!.atMs < SPACING_MS) points.pop();
    points.push({ atMs, value });
    while (points.length > 2 && points[1]!.atMs <= atMs - WINDOW_MS) points.shift();
    this.#points.set(name, points);
  }

  /** undefined: nothing was seen of it yet. */
  perSecond(name: string, nowMs: number): number | undefined {
    const points = this.#points.get(name);
    const [first, last] = [points?.[0], points?.at(-1)];
    if (!first || !last || last === first) return undefined;
    const spanMs = Math.max(nowMs, last.atMs) - first.atMs;
    return spanMs < 500 ? undefined : ((last.value - first.value) / spanMs) * 1000;
  }
}
