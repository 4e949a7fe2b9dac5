/**
 * A text that counts how often its characters are read, and throws when that is too often. One search of a linear engine reads each a few
 * times, but a search for all matches can read all that follows anew for every one of them. What a pattern does on a text is seen by its
 * reads alone: no rule over the pattern says it, and a clock would say something else on every host.
 *
 * A String object, which the engine takes for a text; it reads by `charCodeAt`.
 */
import { AppError } from '../../domain/errors.ts';

/** Reads that any text may take, and those for each of its characters: more than any search needs that does not start over. */
const BASE_READS = 2 ** 23;
const READS_PER_CHARACTER = 16;

export class CountedText extends String {
  readonly #text: string;
  readonly #reads: { left: number; length: number };

  constructor(text: string, reads = { left: BASE_READS + READS_PER_CHARACTER * text.length, length: text.length }) {
    super(text);
    this.#text = text;
    this.#reads = reads;
  }

  /** The text from a place on, whose reads count as this one's. */
  from(place: number): CountedText {
    return new CountedText(this.#text.slice(place), this.#reads);
  }

  override charCodeAt(place: number): number {
    if (--this.#reads.left < 0)
      throw new AppError(
        'invalid',
        `the regular expression looks too often at the same characters of a text of ${this.#reads.length}; take one that need not read on behind each match`,
      );
    return this.#text.charCodeAt(place);
  }
}
