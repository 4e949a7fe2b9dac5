/** What bodies of requests hold in memory together, until they are answered: of one address, and of all. */
import { AppError } from '../../shared/domain/errors.ts';

const RETRY_MS = 1_000;

export class BodyRoom {
  readonly #most: { maxPendingBytesPerPeer: number; maxPendingBytes: number };
  readonly #byPeer = new Map<string, number>();
  #total = 0;

  constructor(most: { maxPendingBytesPerPeer: number; maxPendingBytes: number }) {
    this.#most = most;
  }

  get total(): number {
    return this.#total;
  }

  /** For one request: `take` throws where there is no room, `leave` gives back all it took. */
  of(peer: string): { take: (bytes: number) => void; leave: () => void } {
    let taken = 0;
    const add = (bytes: number): void => {
      taken += bytes;
      this.#total += bytes;
      const own = (this.#byPeer.get(peer) ?? 0) + bytes;
      if (own > 0) this.#byPeer.set(peer, own);
      else this.#byPeer.delete(peer);
    };
    return {
      take: (bytes) => {
        const { maxPendingBytesPerPeer, maxPendingBytes } = this.#most;
        if ((this.#byPeer.get(peer) ?? 0) + bytes > maxPendingBytesPerPeer || this.#total + bytes > maxPendingBytes)
          throw new AppError('resource_exhausted', 'too much is being sent at the same time; send it again when some of it is answered', {
            retryAfterMs: RETRY_MS,
          });
        add(bytes);
      },
      leave: () => add(-taken),
    };
  }
}
