/** Room for samples per entry of an agent's models: what it has allowed in all, what was sent, and whether it takes any. */
export class ModelRooms {
  readonly #credit: number[];
  readonly #sent: number[];
  /** Calls at the same time, where the agent learns how many an endpoint bears. */
  #connections: readonly number[] = [];
  readonly #suspended = new Map<number, string>();

  constructor(models: number) {
    this.#credit = Array.from({ length: models }, () => 0);
    this.#sent = Array.from({ length: models }, () => 0);
  }

  /** Totals since the stream began; they never shrink. */
  allow(totals: readonly number[], connections: readonly number[] = []): void {
    this.#connections = connections;
    totals.forEach((total, i) => {
      if (i < this.#credit.length) this.#credit[i] = Math.max(this.#credit[i]!, total);
    });
  }

  /** Spends (or, negative, gives back) room. */
  charge(modelIndex: number, samples: number): void {
    this.#sent[modelIndex]! += samples;
  }

  suspend(modelIndex: number, reason: string): void {
    this.#suspended.set(modelIndex, reason);
  }

  goOn(modelIndex: number): void {
    this.#suspended.delete(modelIndex);
  }

  /** Why it takes nothing; '' if it does. */
  suspendedFor(modelIndex: number): string {
    const reason = this.#suspended.get(modelIndex);
    return reason === undefined ? '' : reason || 'suspended';
  }

  /** undefined: as many as were announced. */
  connectionsOf(modelIndex: number): number | undefined {
    return this.#connections[modelIndex];
  }

  /** May be negative: a task may overdraw it. */
  left(modelIndex: number): number {
    return this.#credit[modelIndex]! - this.#sent[modelIndex]!;
  }
}
