/**
 * Calls of methods that are for everybody: whoever makes them has proved nothing, so they are small and few. Where there are too many the
 * oldest one ends: strangers who hold what they can keep nobody else out.
 */
import { AppError } from '../../../shared/domain/errors.ts';
import type { LimitedCall } from './limited-call.ts';

/** What such a request may have: the longest that means something has a third of it. */
export const MAX_FREE_BYTES = 1024;
/** Open at a time, of one address and of all together. */
export const MAX_FREE_PER_PEER = 64;
export const MAX_FREE = 1024;
/** Before a message: whether it is compressed, and its length. */
const PREFIX_BYTES = 5;

export interface FreeCallsOptions {
  /** Where all peers have one address, it has no bound of its own. */
  readonly countsPeers: boolean;
  readonly onEnded: (call: LimitedCall, why: string) => void;
  readonly now: () => number;
}

export class FreeCalls {
  readonly #options: FreeCallsOptions;
  /** The oldest first. */
  readonly #calls = new Set<LimitedCall>();
  readonly #byPeer = new Map<string, Set<LimitedCall>>();

  constructor(options: FreeCallsOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#calls.size;
  }

  add(call: LimitedCall): void {
    const ofPeer = this.#byPeer.get(call.peer) ?? new Set();
    if (this.#options.countsPeers && ofPeer.size >= MAX_FREE_PER_PEER)
      this.#end(ofPeer, 'this address has too many calls without an identity');
    if (this.#calls.size >= MAX_FREE) this.#end(this.#calls, 'there are too many calls without an identity');
    this.#byPeer.set(call.peer, ofPeer.add(call));
    this.#calls.add(call);
    call.stream.once('close', () => this.#remove(call));
    let bytes = 0;
    call.stream.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > MAX_FREE_BYTES + PREFIX_BYTES && !call.isOver)
        this.#refuse(call, `a request without an identity has at most ${MAX_FREE_BYTES} bytes`);
    });
  }

  #end([oldest]: Iterable<LimitedCall>, why: string): void {
    this.#remove(oldest!);
    if (!oldest!.isOver) this.#refuse(oldest!, why);
  }

  #refuse(call: LimitedCall, why: string): void {
    this.#options.onEnded(call, why);
    call.refuse(new AppError('resource_exhausted', why), this.#options.now());
    call.cut();
  }

  #remove(call: LimitedCall): void {
    this.#calls.delete(call);
    const ofPeer = this.#byPeer.get(call.peer);
    ofPeer?.delete(call);
    if (ofPeer?.size === 0) this.#byPeer.delete(call.peer);
  }
}
