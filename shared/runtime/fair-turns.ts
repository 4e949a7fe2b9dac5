import { systemClock, type Clock } from './clock.ts';
import { FairLine } from './fair-line.ts';

type Piece = () => void;

/**
 * Runs pieces of work of many owners, for so long in one turn of the event loop: then one a turn, in the
 * order of a `FairLine`. Whoever brings much at a time holds up nobody but himself.
 */
export class FairTurns {
  readonly #maxMs: number;
  readonly #clock: Pick<Clock, 'monotonic' | 'soon'>;
  readonly #waiting = new FairLine<Piece>();
  /** When the first piece of this turn began; undefined before it. */
  #since: number | undefined;

  /** `maxMs`: after so long in one turn of the event loop the next piece waits; one that began is not interrupted. */
  constructor({ maxMs, clock = systemClock }: { maxMs: number; clock?: Pick<Clock, 'monotonic' | 'soon'> }) {
    this.#maxMs = maxMs;
    this.#clock = clock;
  }

  /** `owners`: from the widest to the narrowest; turns are fair among the widest, then among those of each. At once where there is time. */
  run(owners: readonly unknown[], piece: Piece): void {
    if (this.#waiting.size === 0 && this.#hasTime()) piece();
    // In a line nothing is there twice, and a piece may be.
    else this.#waiting.add(owners, () => piece());
  }

  /** Resolves when one may go on; undefined: at once. */
  pass(owners: readonly unknown[]): Promise<void> | undefined {
    if (this.#waiting.size === 0 && this.#hasTime()) return undefined;
    return new Promise((resolve) => this.#waiting.add(owners, resolve));
  }

  #hasTime(): boolean {
    if (this.#since !== undefined) return this.#clock.monotonic() - this.#since < this.#maxMs;
    this.#begin();
    return true;
  }

  #begin(): void {
    this.#since = this.#clock.monotonic();
    this.#clock.soon(() => {
      this.#since = undefined;
      const piece = this.#waiting.next();
      if (!piece) return;
      this.#begin();
      piece();
    });
  }
}
