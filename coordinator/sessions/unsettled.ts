/**
 * Attempts of an agent at evaluations that could not be read when it came. They are kept for it: their leases are renewed, and what it says of
 * them is neither taken nor refused, so that it keeps its results until they can be read.
 */
import type { Clock } from '../../shared/runtime/clock.ts';
import type { Lease } from '../ledger/leases.ts';

export class Unsettled {
  readonly #leases: Map<string, Lease>;
  readonly #clock: Pick<Clock, 'monotonic'>;
  readonly #sinceMs: number;

  constructor(leases: readonly Lease[], clock: Pick<Clock, 'monotonic'>) {
    this.#leases = new Map(leases.map((lease) => [lease.attemptId, lease]));
    this.#clock = clock;
    this.#sinceMs = clock.monotonic();
  }

  has(attemptId: string): boolean {
    return this.#leases.has(attemptId);
  }

  /** Those of the attempts that are among them. */
  of(attemptIds: readonly string[]): Lease[] {
    return attemptIds.flatMap((id) => this.#leases.get(id) ?? []);
  }

  ids(): string[] {
    return [...this.#leases.keys()];
  }

  delete(attemptId: string): void {
    this.#leases.delete(attemptId);
  }

  /** For how long there have been any; 0 when there are none. */
  ageMs(): number {
    return this.#leases.size > 0 ? this.#clock.monotonic() - this.#sinceMs : 0;
  }
}
