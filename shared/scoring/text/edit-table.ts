/**
 * The table of a word edit distance, filled only near its diagonal: row i (of the output's words) from column ⌊i·m/n⌋ − beam to the column
 * before ⌊i·m/n⌋ + beam (of the reference's m words), the last row to its end. Outside of that nothing is reachable.
 */

const BEAM = 25;
const FAR = 1e9;

/**
 * Cells of a table. A search fills up to a thousand tables, so this is about a second of work: some 5,000 words against as many, more
 * where one side is short.
 */
export const MAX_CELLS = 250_000;

export class EditTable {
  readonly #words: Int32Array;
  readonly #reference: Int32Array;
  /** By row: its first column, the column behind its last, and where column 0 of it would lie. */
  readonly #from: Int32Array;
  readonly #to: Int32Array;
  readonly #base: Int32Array;
  readonly #cells: Int32Array;
  /** Rows of other orders of the words, from the first that differs. */
  readonly #trial: Int32Array;

  /** Throws for texts that are too long. */
  constructor(words: Int32Array, reference: Int32Array) {
    const [n, m] = [words.length, reference.length];
    const ratio = n > 0 ? m / n : 1;
    // Where the reference is far longer, a row must still meet the row before it.
    const beam = BEAM < ratio / 2 ? Math.ceil(ratio / 2 + BEAM) : BEAM;
    this.#words = words;
    this.#reference = reference;
    this.#from = new Int32Array(n + 1);
    this.#to = new Int32Array(n + 1).fill(m + 1);
    this.#base = new Int32Array(n + 1);
    let size = m + 1;
    for (let row = 1; row <= n; row++) {
      const diagonal = Math.floor(row * ratio);
      this.#from[row] = Math.max(0, diagonal - beam);
      if (row < n) this.#to[row] = Math.min(m + 1, diagonal + beam);
      this.#base[row] = size - this.#from[row]!;
      size += this.#to[row]! - this.#from[row]!;
    }
    if (size > MAX_CELLS) throw new Error(`a text of ${n} words is too long for an edit rate against one of ${m} words`);
    this.#cells = new Int32Array(size);
    this.#trial = new Int32Array(size);
    for (let column = 0; column <= m; column++) this.#cells[column] = column;
    this.load(words, 0);
  }

  /** The distance of the words that were loaded. */
  get distance(): number {
    return this.#cell(this.#words.length, this.#reference.length);
  }

  /** Fills the table for words that are the same as those before it up to a place. */
  load(words: Int32Array, same: number): void {
    for (let row = same + 1; row <= words.length; row++) this.#fill(this.#cells, this.#cells, row, words[row - 1]!);
    this.#words.set(words);
  }

  /** The distance of other words, equally many, the same up to a place before the end. The table stays. */
  try(words: Int32Array, same: number): number {
    for (let row = same + 1; row <= words.length; row++)
      this.#fill(this.#trial, row === same + 1 ? this.#cells : this.#trial, row, words[row - 1]!);
    return this.#trial[this.#base[words.length]! + this.#reference.length]!;
  }

  /**
   * Which word of the output stands for a word of the reference, and which are wrong. The steps of a shortest way, from its end: a word kept
   * or replaced before one deleted, that before one inserted. A word of the reference without its own has that of the word before it, −1 at
   * the begin. Error counts are sums up to a place.
   */
  alignment(): { places: Int32Array; wrongWords: Int32Array; wrongReference: Int32Array } {
    const [n, m] = [this.#words.length, this.#reference.length];
    const places = new Int32Array(m);
    const wrongWords = new Int32Array(n + 1);
    const wrongReference = new Int32Array(m + 1);
    let [row, column] = [n, m];
    while (row > 0 || column > 0) {
      const here = this.#cell(row, column);
      const differs = row > 0 && column > 0 && this.#words[row - 1] !== this.#reference[column - 1] ? 1 : 0;
      if (row > 0 && column > 0 && here === this.#cell(row - 1, column - 1) + differs) {
        row--;
        column--;
        places[column] = row;
        wrongWords[row + 1] = differs;
        wrongReference[column + 1] = differs;
      } else if (row > 0 && here === this.#cell(row - 1, column) + 1) {
        row--;
        wrongWords[row + 1] = 1;
      } else {
        column--;
        places[column] = row - 1;
        wrongReference[column + 1] = 1;
      }
    }
    for (let at = 0; at < n; at++) wrongWords[at + 1]! += wrongWords[at]!;
    for (let at = 0; at < m; at++) wrongReference[at + 1]! += wrongReference[at]!;
    return { places, wrongWords, wrongReference };
  }

  #cell(row: number, column: number): number {
    return column >= this.#from[row]! && column < this.#to[row]! ? this.#cells[this.#base[row]! + column]! : FAR;
  }

  #fill(cells: Int32Array, above: Int32Array, row: number, word: number): void {
    const [from, to, base] = [this.#from[row]!, this.#to[row]!, this.#base[row]!];
    const [fromAbove, toAbove, baseAbove] = [this.#from[row - 1]!, this.#to[row - 1]!, this.#base[row - 1]!];
    const reference = this.#reference;
    let before = FAR;
    let diagonal = from > fromAbove && from <= toAbove ? above[baseAbove + from - 1]! : FAR;
    for (let column = from; column < to; column++) {
      const straight = column < toAbove && column >= fromAbove ? above[baseAbove + column]! : FAR;
      let best = straight + 1;
      if (column > 0) {
        const replaced = reference[column - 1] === word ? diagonal : diagonal + 1;
        if (replaced < best) best = replaced;
        if (before + 1 < best) best = before + 1;
      }
      cells[base + column] = best;
      before = best;
      diagonal = straight;
    }
  }
}
