/**
 * Random numbers that a seed decides, the same in every release: xoshiro128** (Blackman and Vigna 2021, "Scrambled
 * Linear Pseudorandom Number Generators"), its four words the first 16 bytes of the SHA-256 of the seed in decimal,
 * little-endian. `docs/spec.md` promises this order to users.
 */
import { createHash } from 'node:crypto';

/** A function that gives whole numbers from 0 up to its bound (at most 2^32), each as likely. */
export function seededRandom(seed: number): (bound: number) => number {
  const bytes = createHash('sha256').update(String(seed)).digest();
  const words = Uint32Array.from({ length: 4 }, (_, i) => bytes.readUInt32LE(4 * i));
  return (bound) => {
    // Numbers above the largest multiple of the bound would favour the low ones: drawn again.
    const fair = 2 ** 32 - (2 ** 32 % bound);
    let drawn: number;
    do drawn = next(words);
    while (drawn >= fair);
    return drawn % bound;
  };
}

const rotate = (word: number, by: number): number => ((word << by) | (word >>> (32 - by))) >>> 0;

function next(s: Uint32Array): number {
  const result = Math.imul(rotate(Math.imul(s[1]!, 5) >>> 0, 7), 9) >>> 0;
  const shifted = (s[1]! << 9) >>> 0;
  s[2]! ^= s[0]!;
  s[3]! ^= s[1]!;
  s[1]! ^= s[2]!;
  s[0]! ^= s[3]!;
  s[2]! ^= shifted;
  s[3] = rotate(s[3]!, 11);
  return result;
}
