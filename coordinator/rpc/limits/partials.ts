/** Messages in slices that are not whole yet, of all agents' streams: what they hold together is bounded, and whoever holds most gives first. */
import { AppError } from '../../../shared/domain/errors.ts';

interface Partial {
  readonly peer: string;
  readonly end: (error: AppError) => void;
  bytes: number;
}

const LIMIT_BYTES = 160 << 20;

export class Partials {
  readonly #limitBytes: number;
  readonly #open = new Set<Partial>();
  #bytes = 0;

  constructor(limitBytes = LIMIT_BYTES) {
    this.#limitBytes = limitBytes;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** One stream: what to call with what it holds, 0 where it is over. */
  of(peer: string, end: (error: AppError) => void): (bytes: number) => void {
    const partial: Partial = { peer, end, bytes: 0 };
    return (bytes) => {
      this.#set(partial, bytes);
      while (this.#bytes > this.#limitBytes && this.#open.size > 1) this.#endLargest();
    };
  }

  #set(partial: Partial, bytes: number): void {
    this.#bytes += bytes - partial.bytes;
    partial.bytes = bytes;
    if (bytes > 0) this.#open.add(partial);
    else this.#open.delete(partial);
  }

  /** Of the address that holds most. */
  #endLargest(): void {
    const byPeer = new Map<string, number>();
    for (const { peer, bytes } of this.#open) byPeer.set(peer, (byPeer.get(peer) ?? 0) + bytes);
    const most = Math.max(...byPeer.values());
    const largest = [...this.#open].filter(({ peer }) => byPeer.get(peer) === most).reduce((a, b) => (b.bytes > a.bytes ? b : a));
    this.#set(largest, 0);
    largest.end(new AppError('resource_exhausted', 'messages that are not whole hold too much of the coordinator’s memory; send it again'));
  }
}
