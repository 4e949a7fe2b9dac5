/**
 * Who may bring a large message now. A message is built from its pieces in memory: without a seat only its beginning is taken, and flow control holds the
 * rest where it comes from. A thousand large messages at a time need the memory of a few, and all of them come through.
 */
import { FairLine } from '../../../shared/runtime/fair-line.ts';

/** Who wants a seat; turns are fair among addresses, then among the connections of each. */
export interface Seated {
  readonly peer: string;
  readonly owners: readonly unknown[];
  /** Has been given the seat that it waited for. */
  sit(): void;
}

/** How long a seat stays empty whose message was never whole: those who only begin cost no more than so many beginnings. */
const REST_MS = 2000;
const later = (done: () => void): void => void setTimeout(done, REST_MS).unref();

export class Seats {
  readonly #perPeer: number;
  readonly #total: number;
  readonly #later: (done: () => void) => void;
  readonly #taken = new Map<string, Set<object>>();
  #count = 0;
  /** Of those who wait for a seat of their own address, and then for one of all. */
  readonly #waiting = new Map<string, FairLine<Seated>>();

  /** How many of one address, and of all; `rest` calls back once a seat has rested. */
  constructor(perPeer: number, total: number, rest: (done: () => void) => void = later) {
    this.#later = rest;
    this.#perPeer = Math.max(1, perPeer);
    this.#total = Math.max(1, total);
  }

  /** Whether it has a seat at once; otherwise it waits for its turn. */
  take(one: Seated): boolean {
    if (this.#hasRoom(one.peer)) {
      this.#give(one);
      return true;
    }
    let line = this.#waiting.get(one.peer);
    if (!line) this.#waiting.set(one.peer, (line = new FairLine()));
    line.add(one.owners, one);
    return false;
  }

  /** Gives its seat to the next, or its place in the line. `rests`: its message was not whole, and the seat stays empty for a while. */
  leave(one: Seated, rests: boolean): void {
    const { peer, owners } = one;
    const line = this.#waiting.get(peer);
    if (line?.delete(owners, one) && line.size === 0) this.#waiting.delete(peer);
    const taken = this.#taken.get(peer);
    if (!taken?.delete(one)) return;
    if (!rests) return this.#free(peer);
    // Not the call itself, which would keep what it has brought.
    const nobody = {};
    taken.add(nobody);
    this.#later(() => {
      taken.delete(nobody);
      this.#free(peer);
    });
  }

  #free(peer: string): void {
    if (this.#taken.get(peer)?.size === 0) this.#taken.delete(peer);
    this.#count--;
    this.#next();
  }

  /** Whether somebody waits for what this one has. */
  isWanted({ peer }: Seated): boolean {
    return this.#waiting.has(peer) || (this.#count >= this.#total && this.#waiting.size > 0);
  }

  #hasRoom(peer: string): boolean {
    return this.#count < this.#total && (this.#taken.get(peer)?.size ?? 0) < this.#perPeer;
  }

  #give(one: Seated): void {
    let taken = this.#taken.get(one.peer);
    if (!taken) this.#taken.set(one.peer, (taken = new Set()));
    taken.add(one);
    this.#count++;
  }

  #next(): void {
    for (const [peer, line] of this.#waiting) {
      if (!this.#hasRoom(peer)) continue;
      const one = line.next();
      // The address comes again behind the others.
      this.#waiting.delete(peer);
      if (line.size > 0) this.#waiting.set(peer, line);
      if (!one) continue;
      this.#give(one);
      return one.sit();
    }
  }
}
