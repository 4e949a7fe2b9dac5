/** How fast counts grow, by what was seen of them within the last seconds. */
const WINDOW_MS = 20_000;
const SPACING_MS = 400;
const MOST = 2_000;

interface Seen {
  points: { atMs: number; value: number }[];
  /** When it was another value last, or seen first. */
  changedAtMs: number;
}

/** One meter for each name. */
export class Rates {
  readonly #seen = new Map<string, Seen>();

  note(name: string, value: number, atMs: number): void {
    if (this.#seen.size >= MOST && !this.#seen.has(name)) this.#seen.clear();
    const { points, changedAtMs } = this.#seen.get(name) ?? { points: [], changedAtMs: atMs };
    const isOther = points.length > 0 && points.at(-1)!.value !== value;
    // What was closed is open again: nothing of before says how fast it is now.
    if (points.length > 0 && points.at(-1)!.value > value) points.length = 0;
    if (points.length > 1 && atMs - points.at(-2)!.atMs < SPACING_MS) points.pop();
    points.push({ atMs, value });
    while (points.length > 2 && points[1]!.atMs <= atMs - WINDOW_MS) points.shift();
    this.#seen.set(name, { points, changedAtMs: isOther ? atMs : changedAtMs });
  }

  /** undefined: nothing was seen of it yet. */
  perSecond(name: string, nowMs: number): number | undefined {
    const points = this.#seen.get(name)?.points;
    const [first, last] = [points?.[0], points?.at(-1)];
    if (!first || !last || last === first) return undefined;
    const spanMs = Math.max(nowMs, last.atMs) - first.atMs;
    return spanMs < 500 ? undefined : ((last.value - first.value) / spanMs) * 1000;
  }

  /** For how long it has not changed, as far as was seen. */
  stillMs(name: string, nowMs: number): number {
    const changedAtMs = this.#seen.get(name)?.changedAtMs;
    return changedAtMs === undefined ? 0 : Math.max(0, nowMs - changedAtMs);
  }
}
