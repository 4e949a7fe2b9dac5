/**
 * Draws that others make one after the other from one generator, Python's `Random(seed)`: the n-th sample gets the n-th draw. Samples run in
 * any order here, so that the generator is kept at some places on the way: any draw is made from the nearest place before it. Pure but for
 * what it keeps, whose size has a bound.
 */
import { PythonRandom } from '../scoring/statistics/mt19937.ts';

/** Places that are kept: with twice as many draws between them once they are too many. */
const MAX_PLACES = 64;
/** Numbers in draws that are kept, for the samples of a task come one after the other and in each epoch again. */
const MAX_KEPT = 50_000;

export class SeededDraws {
  readonly #draw: (random: PythonRandom) => readonly number[];
  readonly #count: number;
  #stride = 256;
  /** The generator before draw number `i × stride`. */
  #places: PythonRandom[];
  /** Draws that were made last, by number. */
  readonly #kept = new Map<number, readonly number[]>();

  /** Each draw has `count` numbers. */
  constructor(seed: number, count: number, draw: (random: PythonRandom) => readonly number[]) {
    this.#draw = draw;
    this.#count = count;
    this.#places = [new PythonRandom(seed)];
  }

  /** Draw number `n` from 0. */
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
      drawn = this.#draw(random);
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
