/**
 * Which ids were seen, and on which line, in 16 bytes per slot: 96 bits of each id's SHA-256 and the line. With 96 bits
 * two different ids of twenty million are taken for one with a chance of 10^-15, so that equal bits count as equal ids.
 */
import { hash } from 'node:crypto';

/** Words of one slot: three of the hash, then the line (0: free). */
const WORDS = 4;

export class IdTable {
  #slots = new Uint32Array(1024 * WORDS);
  #used = 0;

  /** Notes an id; returns the line on which it was noted before, if it was. Lines count from 1. */
  add(id: string, line: number): number | undefined {
    const digest = hash('sha256', id, 'buffer');
    const key: Slot = [digest.readUInt32LE(0), digest.readUInt32LE(4), digest.readUInt32LE(8), line];
    const at = find(this.#slots, key);
    if (this.#slots[at + 3] !== 0) return this.#slots[at + 3];
    this.#slots.set(key, at);
    this.#used++;
    // Half full at most: runs of used slots stay short.
    if (this.#used * 2 * WORDS > this.#slots.length) this.#grow();
    return undefined;
  }

  #grow(): void {
    const larger = new Uint32Array(this.#slots.length * 2);
    for (let at = 0; at < this.#slots.length; at += WORDS) {
      if (this.#slots[at + 3] === 0) continue;
      const slot = this.#slots.subarray(at, at + WORDS);
      larger.set(slot, find(larger, slot as unknown as Slot));
    }
    this.#slots = larger;
  }
}

type Slot = [number, number, number, number];

/** Where a key is, or the free slot where it belongs (linear probing; the size is a power of two). */
function find(slots: Uint32Array, [a, b, c]: Slot): number {
  const mask = slots.length - 1;
  let at = (a * WORDS) & mask;
  while (slots[at + 3] !== 0 && !(slots[at] === a && slots[at + 1] === b && slots[at + 2] === c)) at = (at + WORDS) & mask;
  return at;
}
