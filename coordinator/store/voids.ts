/** Which results of which attempts are void: each was refused more often than that was withdrawn. In any order. */
import type { VoidFrame } from './store.ts';

export class Voids {
  readonly #byAttempt = new Map<string, Map<number, number>>();

  add({ attemptId, units, withdrawn = false }: VoidFrame): void {
    let own = this.#byAttempt.get(attemptId);
    if (!own) this.#byAttempt.set(attemptId, (own = new Map()));
    for (const unit of units) own.set(unit, (own.get(unit) ?? 0) + (withdrawn ? -1 : 1));
  }

  /** Of one attempt; undefined: nothing was ever refused. */
  of(attemptId: string): ((unit: number) => boolean) | undefined {
    const own = this.#byAttempt.get(attemptId);
    return own && ((unit) => (own.get(unit) ?? 0) > 0);
  }
}
