/**
 * Python's `random.Random`, number for number: the Mersenne Twister (Matsumoto and Nishimura 1998, ACM TOMACS 8:1, MT19937 with
 * `init_by_array`) and, on top of it, CPython 3.11's `random`, `getrandbits`, `sample`, `shuffle` and `choice`. So few-shot examples and
 * shuffles that others drew with a seed can be drawn again, and what needs chance here gets it from a seed.
 */
import { AppError } from '../../domain/errors.ts';

const N = 624;
const M = 397;
const UPPER = 0x80000000;
const LOWER = 0x7fffffff;
const MATRIX = 0x9908b0df;

export class PythonRandom {
  readonly #state = new Uint32Array(N);
  #at = N;

  /** A whole number of any size; like Python's, its sign does not matter. */
  constructor(seed: number | bigint) {
    if (typeof seed === 'number' && !Number.isSafeInteger(seed)) throw new AppError('invalid', `a seed is a whole number, not ${seed}`);
    const key: number[] = [];
    let rest = BigInt(seed);
    if (rest < 0n) rest = -rest;
    do {
      key.push(Number(rest & 0xffffffffn));
      rest >>= 32n;
    } while (rest > 0n);
    this.#seed(key);
  }

  /** One that goes on from the same place. */
  clone(): PythonRandom {
    const copy = new PythonRandom(0);
    copy.#state.set(this.#state);
    copy.#at = this.#at;
    return copy;
  }

  /** In [0, 1), a multiple of 2⁻⁵³. */
  random(): number {
    const high = this.#next() >>> 5;
    const low = this.#next() >>> 6;
    return (high * 0x4000000 + low) / 0x20000000000000;
  }

  /** A number of k random bits, k ≥ 0. */
  getrandbits(k: number): bigint {
    if (!Number.isInteger(k) || k < 0) throw new AppError('invalid', `bits are counted from 0, not ${k}`);
    let value = 0n;
    for (let bits = 0; bits < k; bits += 32) value |= BigInt(this.#bits(Math.min(32, k - bits))) << BigInt(bits);
    return value;
  }

  /** In [0, n), n from 1 to 2⁵³ − 1: draws as many bits as n has until they are below it. */
  randbelow(n: number): number {
    if (!Number.isSafeInteger(n) || n < 1) throw new AppError('invalid', `nothing can be drawn below ${n}`);
    const length = bitLength(n);
    for (;;) {
      const low = this.#bits(Math.min(32, length));
      const value = length > 32 ? this.#bits(length - 32) * 0x100000000 + low : low;
      if (value < n) return value;
    }
  }

  choice<T>(values: readonly T[]): T {
    if (values.length === 0) throw new AppError('invalid', 'there is nothing to choose from');
    return values[this.randbelow(values.length)]!;
  }

  /** k different places of the values, in the order in which they were drawn. */
  sample<T>(values: readonly T[], k: number): T[] {
    const n = values.length;
    if (!Number.isInteger(k) || k < 0 || k > n) throw new AppError('invalid', `${k} of ${n} values cannot be drawn`);
    // Python draws from a copy where that is smaller than a set of k would be; the two ways draw different values.
    const setSize = 21 + (k > 5 ? 4 ** Math.ceil(Math.log(k * 3) / Math.log(4)) : 0);
    return n <= setSize ? this.#sampleOfPool([...values], k) : this.#sampleOfPlaces(values, k);
  }

  /** In place. */
  shuffle(values: unknown[]): void {
    for (let i = values.length - 1; i >= 1; i--) {
      const j = this.randbelow(i + 1);
      [values[i], values[j]] = [values[j], values[i]];
    }
  }

  #sampleOfPool<T>(pool: T[], k: number): T[] {
    const drawn: T[] = [];
    for (let left = pool.length; drawn.length < k; left--) {
      const j = this.randbelow(left);
      drawn.push(pool[j]!);
      pool[j] = pool[left - 1]!;
    }
    return drawn;
  }

  #sampleOfPlaces<T>(values: readonly T[], k: number): T[] {
    const places = new Set<number>();
    while (places.size < k) places.add(this.randbelow(values.length));
    return Array.from(places, (place) => values[place]!);
  }

  /** 1 to 32 bits. */
  #bits(k: number): number {
    return this.#next() >>> (32 - k);
  }

  #seed(key: readonly number[]): void {
    const state = this.#state;
    state[0] = 19_650_218;
    for (let i = 1; i < N; i++) state[i] = Math.imul(1_812_433_253, mixed(state, i - 1)) + i;
    let i = 1;
    let j = 0;
    const advance = (): void => {
      if (++i < N) return;
      state[0] = state[N - 1]!;
      i = 1;
    };
    for (let k = Math.max(N, key.length); k > 0; k--) {
      state[i] = (state[i]! ^ Math.imul(mixed(state, i - 1), 1_664_525)) + key[j]! + j;
      advance();
      j = (j + 1) % key.length;
    }
    for (let k = N - 1; k > 0; k--) {
      state[i] = (state[i]! ^ Math.imul(mixed(state, i - 1), 1_566_083_941)) - i;
      advance();
    }
    state[0] = UPPER;
  }

  /** The next 32 bits. */
  #next(): number {
    if (this.#at === N) this.#twist();
    let y = this.#state[this.#at++]!;
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return (y ^ (y >>> 18)) >>> 0;
  }

  #twist(): void {
    const state = this.#state;
    for (let i = 0; i < N; i++) {
      const y = (state[i]! & UPPER) | (state[(i + 1) % N]! & LOWER);
      state[i] = state[(i + M) % N]! ^ (y >>> 1) ^ (y & 1 ? MATRIX : 0);
    }
    this.#at = 0;
  }
}

const mixed = (state: Uint32Array, i: number): number => state[i]! ^ (state[i]! >>> 30);

const bitLength = (n: number): number => (n > 0xffffffff ? 32 + bitLength(Math.floor(n / 0x100000000)) : 32 - Math.clz32(n));
