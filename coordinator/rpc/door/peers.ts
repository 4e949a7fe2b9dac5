/** Whose connections are counted together, and how many there are. */
import { isIPv6 } from 'node:net';

/**
 * Who a connection counts for: its address, of IPv6 the network of 64 bits that one host is given. undefined: it comes through a unix
 * socket, from this machine.
 */
export function peerOf(remoteAddress: string | undefined): string | undefined {
  if (remoteAddress === undefined) return undefined;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(remoteAddress)?.[1];
  if (mapped !== undefined || !isIPv6(remoteAddress)) return mapped ?? remoteAddress;
  const [head = '', tail] = remoteAddress.replace(/%.*$/, '').toLowerCase().split('::');
  const groups = (text: string | undefined): string[] => (text ? text.split(':') : []);
  const [before, after] = [groups(head), groups(tail)];
  const all =
    tail === undefined ? before : [...before, ...Array<string>(Math.max(0, 8 - before.length - after.length)).fill('0'), ...after];
  return `${all
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}

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
