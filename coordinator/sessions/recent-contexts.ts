/**
 * Which task contexts an agent's stream has been sent lately. The agent keeps twice as many, in the same order, so what
 * stands here stands there.
 */
const KEPT = 128;

export class RecentContexts {
  readonly #digests = new Set<string>();

  /** Notes that the digest is used; true if the agent has it already. */
  use(digest: string): boolean {
    const known = this.#digests.delete(digest);
    this.#digests.add(digest);
    if (this.#digests.size > KEPT) this.#digests.delete(this.#digests.values().next().value!);
    return known;
  }
}
