/** The faults of one dataset: each told once with its first place, and the first ones only. */
import { invalid, type AppError, type Fault } from '../../shared/domain/errors.ts';

/** What a record is counted by: `line` of the file, or `record` where several may share a line. */
export type PlaceWord = 'line' | 'record';

export class FaultList {
  readonly #name: string;
  readonly #word: PlaceWord;
  readonly #max: number;
  readonly #found = new Map<string, { at: number; more: number }>();
  readonly #whole: string[] = [];

  /** `name`: the dataset's, for people. */
  constructor(name: string, max: number, word: PlaceWord = 'line') {
    this.#name = name;
    this.#max = max;
    this.#word = word;
  }

  /** Notes what is wrong at a place; the same problem at several places is one fault. */
  add(problem: string, at: number): void {
    const same = this.#found.get(problem);
    if (same) same.more++;
    else this.#found.set(problem, { at, more: 0 });
  }

  /** Notes what is wrong with the dataset as a whole. */
  addWhole(problem: string): void {
    this.#whole.push(problem);
  }

  /** Whether there are more than are told: nothing needs to be looked for any more. */
  get full(): boolean {
    return this.#found.size > this.#max;
  }

  get size(): number {
    return this.#found.size + this.#whole.length;
  }

  /** All faults as one error under `what`; undefined without any. */
  error(what: string): AppError | undefined {
    const faults = Array.from(this.#found, ([problem, { at, more }]): Fault => {
      const others = more === 0 ? '' : ` and ${more} more ${this.#word}${more === 1 ? '' : 's'}`;
      return { place: `${this.#name} ${this.#word} ${at}${others}`, problem };
    });
    faults.push(...this.#whole.map((problem) => ({ place: this.#name, problem })));
    if (faults.length === 0) return undefined;
    return invalid(what, faults.length <= this.#max ? faults : [...faults.slice(0, this.#max), { place: '', problem: 'and more' }]);
  }
}
