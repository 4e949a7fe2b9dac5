/** Lets through one of a kind a minute, with how many there were since: a flood must not become one of the log. Kinds are few. */
const AGAIN_MS = 60_000;

export class Seldom {
  readonly #kinds = new Map<string, { toldAtMs: number; since: number }>();

  /** How many were kept quiet since the last that was told; undefined: this one is too. */
  pass(kind: string, nowMs: number): number | undefined {
    const known = this.#kinds.get(kind);
    if (known && nowMs - known.toldAtMs < AGAIN_MS) {
      known.since++;
      return undefined;
    }
    this.#kinds.set(kind, { toldAtMs: nowMs, since: 0 });
    return known?.since ?? 0;
  }
}
