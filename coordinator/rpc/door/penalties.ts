/**
 * Who has abused a connection waits before the next one is heard: longer each time, for a minute after the last. Connections that others have from
 * the same address are not touched, and new ones of theirs are late, not refused.
 */
const FIRST_MS = 100;
const MAX_MS = 5000;
const FORGET_MS = 60_000;
/** Beyond it those who were punished longest ago are forgotten. */
const MAX_PEERS = 10_000;

export class Penalties {
  /** In the order of their last one. */
  readonly #peers = new Map<string, { count: number; lastMs: number }>();

  get size(): number {
    return this.#peers.size;
  }

  punish(peer: string, nowMs: number): void {
    const known = this.#peers.get(peer);
    const count = known && nowMs - known.lastMs < FORGET_MS ? known.count + 1 : 1;
    this.#peers.delete(peer);
    this.#peers.set(peer, { count, lastMs: nowMs });
    if (this.#peers.size > MAX_PEERS) this.#peers.delete(this.#peers.keys().next().value!);
  }

  /** How long a new connection of this peer is to wait. */
  delayMs(peer: string | undefined, nowMs: number): number {
    const known = peer === undefined ? undefined : this.#peers.get(peer);
    if (!known || nowMs - known.lastMs >= FORGET_MS) return 0;
    return Math.min(MAX_MS, FIRST_MS * 2 ** Math.min(known.count - 1, 20));
  }
}
