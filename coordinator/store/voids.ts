/**
 * Which results of which attempts are void: those that a ledger has refused. A refusal bears the generation of the ledger that said it, and
 * that ledger may be lost before it is written down: then the recovery that follows has counted the result, and the refusal comes too late.
 * So each recovery, before it reads any result, **seals** the refusals that it goes by: of those before its generation no others hold. The seal
 * of the highest generation says which; all readers agree on it for ever, in whatever order they come by the frames.
 */
import type { VoidFrame } from './store.ts';

/** Said by a ledger before refusals had generations: they hold always. */
const ALWAYS = Infinity;

export class Voids {
  /** Per attempt and unit: the latest generation that refused it. */
  readonly #refused = new Map<string, Map<number, number>>();
  #sealed = new Map<string, Set<number>>();
  #seal = -1;

  add({ attemptId, units, generation = ALWAYS }: VoidFrame): void {
    let own = this.#refused.get(attemptId);
    if (!own) this.#refused.set(attemptId, (own = new Map()));
    for (const unit of units) own.set(unit, Math.max(own.get(unit) ?? 0, generation));
  }

  seal(generation: number, voids: readonly VoidFrame[]): void {
    if (generation <= this.#seal) return;
    this.#seal = generation;
    this.#sealed = new Map();
    for (const { attemptId, units } of voids) {
      const own = this.#sealed.get(attemptId) ?? new Set();
      for (const unit of units) own.add(unit);
      this.#sealed.set(attemptId, own);
    }
  }

  /** Of one attempt; undefined: none of its results. */
  of(attemptId: string): ((unit: number) => boolean) | undefined {
    const [refused, sealed] = [this.#refused.get(attemptId), this.#sealed.get(attemptId)];
    if (!refused && !sealed) return undefined;
    return (unit) => (sealed?.has(unit) ?? false) || (refused?.get(unit) ?? -Infinity) >= this.#seal;
  }

  /** All that hold, but for these units. */
  all(but?: ReadonlySet<number>): VoidFrame[] {
    return [...new Set([...this.#refused.keys(), ...this.#sealed.keys()])].flatMap((attemptId) => {
      const isVoid = this.of(attemptId)!;
      const units = new Set([...(this.#refused.get(attemptId)?.keys() ?? []), ...(this.#sealed.get(attemptId) ?? [])]);
      const own = [...units].filter((unit) => isVoid(unit) && !but?.has(unit));
      return own.length > 0 ? [{ attemptId, units: own }] : [];
    });
  }
}
