/** Messages above 1 MiB as slices, and whole again (see `Fragment` in agent.proto). */
import { AppError } from '../domain/errors.ts';

/** A message that is larger than this when encoded is sliced. */
export const WHOLE_BYTES = 1024 * 1024;
/** Slices are smaller than they may be, so that a heartbeat never waits long behind one on a slow line. */
export const SLICE_BYTES = 512 * 1024;
export const MAX_MESSAGE_BYTES = 192 * 1024 * 1024;

export interface Fragment {
  id: number;
  data: Uint8Array;
  last: boolean;
}

const UINT32 = 2 ** 32;
const nextId = (id: number): number => (id + 1) % UINT32;

/** Takes an encoded message off slice by slice. */
export class Slicer {
  readonly #id: number;
  readonly #bytes: Buffer;
  #at = 0;

  constructor(id: number, bytes: Buffer) {
    this.#id = id;
    this.#bytes = bytes;
  }

  get done(): boolean {
    return this.#at >= this.#bytes.length;
  }

  next(): Fragment {
    const end = Math.min(this.#at + SLICE_BYTES, this.#bytes.length);
    const data = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return { id: this.#id, data, last: end === this.#bytes.length };
  }
}

/**
 * Puts the slices of one direction together. Holds at most one message. It copies into one growing buffer: a list of
 * slices would let a peer that sends single bytes fill the memory with their administration.
 */
export class Reassembly {
  readonly #maxBytes: number;
  #expectedId = 1;
  #buffer: Buffer | undefined;
  #length = 0;

  constructor(maxBytes = MAX_MESSAGE_BYTES) {
    this.#maxBytes = maxBytes;
  }

  /** The whole message with its last slice, undefined before. Throws `invalid` for what agent.proto forbids. */
  add(fragment: Fragment): Buffer | undefined {
    const { id, data, last } = fragment;
    if (id !== this.#expectedId) throw new AppError('invalid', `fragment: id ${id} where ${this.#expectedId} was expected`);
    if (data.length === 0) throw new AppError('invalid', `fragment ${id}: it is empty`);
    const length = this.#length + data.length;
    if (length > this.#maxBytes) throw new AppError('invalid', `fragment ${id}: the message is larger than ${this.#maxBytes} bytes`);
    this.#buffer = this.#roomFor(length);
    this.#buffer.set(data, this.#length);
    this.#length = length;
    if (!last) return undefined;
    const whole = this.#buffer.subarray(0, length);
    this.#buffer = undefined;
    this.#length = 0;
    this.#expectedId = nextId(id);
    return whole;
  }

  #roomFor(length: number): Buffer {
    const old = this.#buffer;
    if (old && old.length >= length) return old;
    const bigger = Buffer.allocUnsafeSlow(Math.min(Math.max(length, 2 * (old?.length ?? WHOLE_BYTES)), Math.max(length, this.#maxBytes)));
    if (old) old.copy(bigger, 0, 0, this.#length);
    return bigger;
  }
}

/** Numbers the fragmented messages of one direction: 1, 2, … */
export class FragmentIds {
  #last = 0;

  next(): number {
    return (this.#last = nextId(this.#last));
  }
}
