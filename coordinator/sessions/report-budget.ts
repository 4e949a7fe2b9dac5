/**
 * Bytes of reports that wait for their commit, of all sessions of a coordinator. A store that takes nothing for a while, and hundreds of agents
 * with full spools, would otherwise fill its memory.
 */

const BUDGET_BYTES = 256 << 20;

export class ReportBudget {
  readonly #limitBytes: number;
  #bytes = 0;
  readonly #waiting = new Set<() => void>();

  constructor(limitBytes = BUDGET_BYTES) {
    this.#limitBytes = limitBytes;
  }

  /** Each session that has reports waiting should read no more. One message of each may come beyond it. */
  get isFull(): boolean {
    return this.#bytes > this.#limitBytes;
  }

  /** Takes bytes or, negative, gives them back. */
  charge(bytes: number): void {
    this.#bytes += bytes;
    if (this.isFull) return;
    for (const told of this.#waiting) told();
    this.#waiting.clear();
  }

  /** Calls `told` once, when there is room again. */
  onRoom(told: () => void): void {
    this.#waiting.add(told);
  }

  forget(told: () => void): void {
    this.#waiting.delete(told);
  }
}
