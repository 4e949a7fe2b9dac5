/**
 * Failed logins are answered later and later, by the address they come from. What is right is answered at once, however many failed before
 * it from the same address: others behind one NAT are not locked out. Who does not wait for the answers loses the connection.
 */

/** So many are answered at once: a token that was mistyped, or is being replaced. */
const FREE = 3;
const FIRST_DELAY_MS = 100;
/** Half of what an agent waits for its welcome: it must be told that its token is wrong. */
const MAX_DELAY_MS = 5_000;
/** Without another failure for so long, it begins anew. */
const FORGET_MS = 60_000;
/** Answers that wait for one peer. */
const MAX_WAITING = 32;
/** Beyond it those who failed longest ago are forgotten. */
const MAX_PEERS = 10_000;

interface Failures {
  count: number;
  lastMs: number;
  waiting: number;
}

export class LoginBackoff {
  /** In the order of their last failure. */
  readonly #peers = new Map<string, Failures>();

  get size(): number {
    return this.#peers.size;
  }

  /** One more failure: how long its answer waits, and what to call once it was given; undefined: too many wait already. */
  failed(peer: string, nowMs: number): { delayMs: number; answered: () => void } | undefined {
    const known = this.#peers.get(peer);
    const failures = known ?? { count: 0, lastMs: nowMs, waiting: 0 };
    if (nowMs - failures.lastMs >= FORGET_MS) failures.count = 0;
    failures.count++;
    failures.lastMs = nowMs;
    this.#peers.delete(peer);
    this.#peers.set(peer, failures);
    if (this.#peers.size > MAX_PEERS) this.#peers.delete(this.#peers.keys().next().value!);
    if (failures.waiting >= MAX_WAITING) return undefined;
    failures.waiting++;
    return { delayMs: delayOf(failures.count), answered: () => void failures.waiting-- };
  }
}

/** Of the n-th failure in a row. */
export const delayOf = (count: number): number =>
  count <= FREE ? 0 : Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** Math.min(count - FREE - 1, 20));
