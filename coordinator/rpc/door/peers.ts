/** How many connections there are, of each peer. */

export interface ConnectionLimits {
  /** Of all peers together. */
  readonly total: number;
  /** Of one peer; 0: no bound of its own. */
  readonly perPeer: number;
}

/** How many connections there are, of each peer. Holds no more entries than connections. */
export class ConnectionCounts {
  readonly #limits: ConnectionLimits;
  readonly #byPeer = new Map<string, number>();
  #total = 0;

  constructor(limits: ConnectionLimits) {
    this.#limits = limits;
  }

  get total(): number {
    return this.#total;
  }

  /** Counts one more; or says why not, and counts nothing. */
  enter(peer: string | undefined): 'full' | 'peer-full' | undefined {
    const { total, perPeer } = this.#limits;
    if (this.#total >= total) return 'full';
    if (peer !== undefined) {
      const count = this.#byPeer.get(peer) ?? 0;
      if (perPeer > 0 && count >= perPeer) return 'peer-full';
      this.#byPeer.set(peer, count + 1);
    }
    this.#total++;
    return undefined;
  }

  leave(peer: string | undefined): void {
    this.#total--;
    if (peer === undefined) return;
    const count = this.#byPeer.get(peer)! - 1;
    if (count > 0) this.#byPeer.set(peer, count);
    else this.#byPeer.delete(peer);
  }
}
