/**
 * Which examples lm-evaluation-harness draws for each sample: one generator, Python's `Random(seed)`, goes through the dataset, and the n-th
 * sample gets the n-th `rnd.sample(docs, k)`. Samples run in any order here, so that the generator is kept at some places on the way: any
 * draw is made from the nearest place before it. Pure but for what it keeps, whose size has a bound.
 */
import { PythonRandom } from '../scoring/statistics/mt19937.ts';

/** Places that are kept: with twice as many draws between them once they are too many. */
const MAX_PLACES = 64;
/** Numbers in draws that are kept, for the samples of a task come one after the other and in each epoch again. */
const MAX_KEPT = 50_000;

export class ShotDraws {
  readonly #pool: readonly number[];
  readonly #count: number;
  #stride = 256;
  /** The generator before draw number `i × stride`. */
  #places: PythonRandom[];
  /** Draws that were made last, by number. */
  readonly #kept = new Map<number, readonly number[]>();

  /** Of `pool` examples `count` are drawn, at most as many as there are. */
  constructor(seed: number, pool: number, count: number) {
    this.#pool = Array.from({ length: pool }, (_, i) => i);
    this.#count = count;
    this.#places = [new PythonRandom(seed)];
  }

  /** The examples of draw number `n` from 0, in the order in which they were drawn. */
  at(n: number): readonly number[] {
    const kept = this.#kept.get(n);
    if (kept) return kept;
    let place = Math.min(Math.floor(n / this.#stride), this.#places.length - 1);
    const random = this.#places[place]!.clone();
    let drawn: readonly number[] = [];
    for (let i = place * this.#stride; i <= n; i++) {
      if (i === (place + 1) * this.#stride && ++place === this.#places.length) {
        this.#places.push(random.clone());
        place = this.#thinned(place);
      }
      drawn = random.sample(this.#pool, this.#count);
      // The way there is the way of samples before it, which are likely to be asked for as well.
      this.#keep(i, drawn);
    }
    return drawn;
  }

  /** Every other place goes when there are too many. */
  #thinned(place: number): number {
    if (this.#places.length <= MAX_PLACES) return place;
    this.#places = this.#places.filter((_, i) => i % 2 === 0);
    this.#stride *= 2;
    return this.#places.length - 1;
  }

  #keep(n: number, drawn: readonly number[]): void {
    this.#kept.set(n, drawn);
    if (this.#kept.size * Math.max(1, this.#count) > MAX_KEPT) this.#kept.delete(this.#kept.keys().next().value!);
  }
}
