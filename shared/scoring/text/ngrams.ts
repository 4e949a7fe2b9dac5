/** n-grams that two texts have in common: of words or of characters. */

/**
 * By order from 1: how many n-grams of the output stand in the references, each counted at most as often as the reference that has most
 * of it (the clipping of BLEU, Papineni et al. 2002). Linear: an n-gram's number comes from that of the n-gram without its last unit.
 */
export function commonNgrams(output: readonly string[], references: readonly (readonly string[])[], maxOrder: number): number[] {
  const units = new Map<string, number>();
  const numbered = (unit: string): number => {
    const known = units.get(unit);
    if (known !== undefined) return known;
    units.set(unit, units.size);
    return units.size - 1;
  };
  const coded = references.map((reference) => Int32Array.from(reference, numbered));
  const codedOutput = Int32Array.from(output, (unit) => units.get(unit) ?? -1);
  // By place, the number of the n-gram that starts there; before the first round that of nothing.
  const starts = coded.map((reference) => new Int32Array(reference.length));
  const outputStarts = new Int32Array(output.length);
  const size = coded.reduce((sum, reference) => sum + reference.length, 0);
  const counts = new Int32Array(size);

  return Array.from({ length: maxOrder }, (_, last) => {
    const pairs = new PairNumbers(size);
    const left = new Int32Array(size);
    coded.forEach((reference, which) => {
      const numbers = starts[which]!;
      const places = reference.length - last;
      for (let at = 0; at < places; at++) {
        const number = pairs.add(numbers[at]!, reference[at + last]!);
        numbers[at] = number;
        left[number] = Math.max(left[number]!, ++counts[number]!);
      }
      for (let at = 0; at < places; at++) counts[numbers[at]!] = 0;
    });
    let common = 0;
    for (let at = 0; at + last < codedOutput.length; at++) {
      const [start, unit] = [outputStarts[at]!, codedOutput[at + last]!];
      const number = start < 0 || unit < 0 ? -1 : pairs.find(start, unit);
      outputStarts[at] = number;
      if (number < 0 || left[number] === 0) continue;
      left[number]!--;
      common++;
    }
    return common;
  });
}

/** Numbers pairs of whole numbers from 0 on. A hash table of its own: a Map with a million pairs takes ten times as long. */
class PairNumbers {
  readonly #mask: number;
  /** By slot: the number of the pair that has it, plus 1. */
  readonly #slots: Int32Array;
  readonly #firsts: Int32Array;
  readonly #seconds: Int32Array;
  #size = 0;

  constructor(most: number) {
    const slots = 2 ** Math.ceil(Math.log2(2 * most + 1));
    this.#mask = slots - 1;
    this.#slots = new Int32Array(slots);
    this.#firsts = new Int32Array(most);
    this.#seconds = new Int32Array(most);
  }

  /** The number of a pair, −1 if it has none. */
  find(first: number, second: number): number {
    return this.#slots[this.#slotOf(first, second)]! - 1;
  }

  /** The number of a pair, the next one if it has none. */
  add(first: number, second: number): number {
    const slot = this.#slotOf(first, second);
    if (this.#slots[slot] === 0) {
      this.#firsts[this.#size] = first;
      this.#seconds[this.#size] = second;
      this.#slots[slot] = ++this.#size;
    }
    return this.#slots[slot]! - 1;
  }

  /** Where the pair is, or where it belongs. */
  #slotOf(first: number, second: number): number {
    let hash = Math.imul(first, 0x9e3779b1) ^ Math.imul(second, 0x85ebca77);
    hash ^= hash >>> 15;
    let slot = Math.imul(hash, 0x2c1b3c6d) & this.#mask;
    for (;;) {
      const number = this.#slots[slot]! - 1;
      if (number < 0 || (this.#firsts[number] === first && this.#seconds[number] === second)) return slot;
      slot = (slot + 1) & this.#mask;
    }
  }
}

/** How many n-grams of an order a text of so many units has. */
export const ngramCount = (units: number, order: number): number => Math.max(0, units - order + 1);
