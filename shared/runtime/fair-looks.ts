/**
 * Looks for what may not be there, on behalf of many who may make names up. Each has places of its own, and so many looks in vain; where all places
 * are taken, those who wait take turns. So whoever makes names up keeps nobody else waiting for long, and costs a bounded number of looks.
 */
import { AppError } from '../domain/errors.ts';
import type { Clock } from './clock.ts';

export interface FairLooksOptions {
  clock: Pick<Clock, 'monotonic'>;
  /** Looks at the same time, of all together. */
  places: number;
  /** Of one asker; as many more of his wait. */
  placesOfEach: number;
  /** Looks in vain that one asker may have at once; */
  inVain: number;
  /** and how many more each second. */
  inVainPerSecond: number;
}

/** Beyond it those are forgotten who asked longest ago, and nobody waits. */
const MAX_ASKERS = 10_000;
const MAX_WAITING = 1_000;

interface Asker {
  inside: number;
  line: (() => void)[];
  left: number;
  atMs: number;
}

export class FairLooks {
  readonly #options: FairLooksOptions;
  /** In the order of their last look. */
  readonly #askers = new Map<string, Asker>();
  /** Those whose looks wait, in the order of their turns. */
  readonly #turns = new Set<Asker>();
  #inside = 0;
  #waiting = 0;

  constructor(options: FairLooksOptions) {
    this.#options = options;
  }

  /** Runs `work` when it is its turn; it says whether there was anything. `unavailable` at once, where this one has asked for too much. */
  async look(who: string, work: () => Promise<boolean>): Promise<void> {
    const { places, placesOfEach } = this.#options;
    const asker = this.#asker(who);
    const isWaiting = this.#inside >= places || asker.inside >= placesOfEach;
    if (asker.left < 1 || (isWaiting && (asker.line.length >= placesOfEach || this.#waiting >= MAX_WAITING)))
      throw new AppError('unavailable', 'too many that are not known here were asked for; come again in a while', { retryAfterMs: 2_000 });
    asker.left--;
    if (isWaiting) await this.#turnOf(asker);
    else this.#enter(asker);
    let isInVain = false;
    try {
      isInVain = !(await work());
    } finally {
      // What could not be looked for is nobody's fault.
      if (!isInVain) asker.left++;
      this.#leave(asker);
    }
  }

  /** With what he has got back since his last look. */
  #asker(who: string): Asker {
    const { clock, inVain, inVainPerSecond } = this.#options;
    const now = clock.monotonic();
    const asker = this.#askers.get(who) ?? { inside: 0, line: [], left: inVain, atMs: now };
    asker.left = Math.min(inVain, asker.left + ((now - asker.atMs) / 1000) * inVainPerSecond);
    asker.atMs = now;
    this.#askers.delete(who);
    if (this.#askers.size >= MAX_ASKERS) this.#askers.delete(this.#askers.keys().next().value!);
    this.#askers.set(who, asker);
    return asker;
  }

  #enter(asker: Asker): void {
    asker.inside++;
    this.#inside++;
  }

  /** Who leaves has let it in already. */
  #turnOf(asker: Asker): Promise<void> {
    this.#waiting++;
    this.#turns.add(asker);
    return new Promise((resolve) => void asker.line.push(resolve));
  }

  #leave(asker: Asker): void {
    asker.inside--;
    this.#inside--;
    for (const next of this.#turns) {
      if (next.inside >= this.#options.placesOfEach) continue;
      this.#waiting--;
      this.#enter(next);
      next.line.shift()!();
      // To the end of those who take turns.
      this.#turns.delete(next);
      if (next.line.length > 0) this.#turns.add(next);
      return;
    }
  }
}
