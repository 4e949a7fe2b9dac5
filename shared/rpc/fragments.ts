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

const BLOCK_BYTES = 1024 * 1024;

/**
 * Puts the slices of one direction together. Holds at most one message. It copies into blocks: a list of slices would let a peer that sends
 * single bytes fill the memory with their administration, and to grow one buffer to its size holds up everybody.
 */
export class Reassembly {
  readonly #maxBytes: number;
  #expectedId = 1;
  #blocks: Buffer[] = [];
  #length = 0;

  constructor(maxBytes = MAX_MESSAGE_BYTES) {
    this.#maxBytes = maxBytes;
  }

  /** The memory that is held for the message that is not whole. */
  get heldBytes(): number {
    return this.#blocks.length * BLOCK_BYTES;
  }

  /** True with the last slice: then `whole` has the message. Throws `invalid` for what agent.proto forbids, and beyond `maxBytes`. */
  add(fragment: Fragment, maxBytes = this.#maxBytes): boolean {
    const { id, data, last } = fragment;
    if (id !== this.#expectedId) throw new AppError('invalid', `fragment: id ${id} where ${this.#expectedId} was expected`);
    if (data.length === 0) throw new AppError('invalid', `fragment ${id}: it is empty`);
    if (this.#length + data.length > maxBytes)
      throw new AppError('invalid', `fragment ${id}: the message is larger than ${maxBytes} bytes`);
    for (let at = 0; at < data.length;) {
      const place = this.#length % BLOCK_BYTES;
      if (place === 0) this.#blocks.push(Buffer.allocUnsafeSlow(BLOCK_BYTES));
      const piece = data.subarray(at, at + BLOCK_BYTES - place);
      this.#blocks.at(-1)!.set(piece, place);
      at += piece.length;
      this.#length += piece.length;
    }
    return last;
  }

  /** The message, and room for the next one. A block at a time; `turn`: others have theirs between two. */
  async whole(turn?: () => Promise<void> | undefined): Promise<Buffer> {
    const [blocks, length] = [this.#blocks, this.#length];
    this.#blocks = [];
    this.#length = 0;
    this.#expectedId = nextId(this.#expectedId);
    if (blocks.length === 1) return blocks[0]!.subarray(0, length);
    const all = Buffer.allocUnsafeSlow(length);
    for (let at = 0; at < length; at += BLOCK_BYTES) {
      blocks.shift()!.copy(all, at, 0, Math.min(BLOCK_BYTES, length - at));
      await turn?.();
    }
    return all;
  }
}

/** Numbers the fragmented messages of one direction: 1, 2, … */
export class FragmentIds {
  #last = 0;

  next(): number {
    return (this.#last = nextId(this.#last));
  }
}
