import { systemClock, type Clock } from './clock.ts';

type Piece = () => void;

/**
 * Runs pieces of work of many owners, for so long in one turn of the event loop: then one a turn, of each owner, then the next of each. Whoever
 * brings much at a time holds up nobody but himself.
 */
export class FairTurns {
  readonly #maxMs: number;
  readonly #clock: Pick<Clock, 'monotonic' | 'soon'>;
  readonly #waiting = new Line();
  /** When the first piece of this turn began; undefined before it. */
  #since: number | undefined;

  /** `maxMs`: after so long in one turn of the event loop the next piece waits; one that began is not interrupted. */
  constructor({ maxMs, clock = systemClock }: { maxMs: number; clock?: Pick<Clock, 'monotonic' | 'soon'> }) {
    this.#maxMs = maxMs;
    this.#clock = clock;
  }

  /** `owners`: from the widest to the narrowest; turns are fair among the widest, then among those of each. At once where there is time. */
  run(owners: readonly unknown[], piece: Piece): void {
    if (this.#waiting.isEmpty && this.#hasTime()) piece();
    else this.#waiting.add(owners, piece);
  }

  /** Resolves when one may go on; undefined: at once. */
  pass(owners: readonly unknown[]): Promise<void> | undefined {
    if (this.#waiting.isEmpty && this.#hasTime()) return undefined;
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

/** Pieces in the order of their turns: those of one owner, or lines of several. */
class Line {
  readonly #own: Piece[] = [];
  readonly #lines = new Map<unknown, Line>();

  get isEmpty(): boolean {
    return this.#own.length === 0 && this.#lines.size === 0;
  }

  add([owner, ...rest]: readonly unknown[], piece: Piece): void {
    if (owner === undefined) return void this.#own.push(piece);
    let line = this.#lines.get(owner);
    if (!line) this.#lines.set(owner, (line = new Line()));
    line.add(rest, piece);
  }

  next(): Piece | undefined {
    for (const [owner, line] of this.#lines) {
      // It comes again behind the others.
      this.#lines.delete(owner);
      const piece = line.next();
      if (!line.isEmpty) this.#lines.set(owner, line);
      return piece;
    }
    return this.#own.shift();
  }
}
