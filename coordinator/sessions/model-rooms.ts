/** Room for samples per entry of an agent's models: what it has allowed in all, what was sent, and whether it takes any. */

/** An entry as it is shown: the samples that it would take now, or why none, since when, and when its agent tries again by itself. */
export interface ModelRoom {
  room: number;
  suspended: string;
  connections?: number;
  suspendedAtMs?: number;
  retryAtMs?: number;
}

type Suspension = Pick<ModelRoom, 'suspendedAtMs' | 'retryAtMs'> & { suspended: string };

export class ModelRooms {
  readonly #credit: number[];
  readonly #sent: number[];
  /** Calls at the same time, where the agent learns how many an endpoint bears. */
  #connections: readonly number[] = [];
  readonly #suspended = new Map<number, Suspension>();

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

  /** It stays suspended since when it was first. */
  suspend(modelIndex: number, { reason, retryMs }: { reason: string; retryMs?: number }, nowMs: number): void {
    this.#suspended.set(modelIndex, {
      suspended: reason || 'suspended',
      suspendedAtMs: this.#suspended.get(modelIndex)?.suspendedAtMs ?? nowMs,
      ...(retryMs === undefined ? {} : { retryAtMs: nowMs + retryMs }),
    });
  }

  goOn(modelIndex: number): void {
    this.#suspended.delete(modelIndex);
  }

  /** Why it takes nothing; '' if it does. */
  suspendedFor(modelIndex: number): string {
    return this.#suspended.get(modelIndex)?.suspended ?? '';
  }

  /** As it is shown. */
  shown(modelIndex: number, isReady: boolean): ModelRoom {
    const suspension = this.#suspended.get(modelIndex) ?? { suspended: '' };
    const connections = this.connectionsOf(modelIndex);
    const room = suspension.suspended || !isReady ? 0 : Math.max(0, this.left(modelIndex));
    return { room, ...suspension, ...(connections === undefined ? {} : { connections }) };
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
