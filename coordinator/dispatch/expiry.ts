/**
 * Ends leases that ran out. A lease must be seen as expired twice, one sweep apart, and nothing expires for one lease time
 * after this coordinator (re)connected to Redis, or Redis refused to renew, or this process stood still: agents must have had the chance
 * to renew. A decision that comes late is powerless: a lease that was renewed meanwhile is not taken away.
 */
import { AppError } from '../../shared/domain/errors.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import type { Logger } from '../../shared/telemetry/logger.ts';
import type { Instruments } from '../../shared/telemetry/metrics.ts';
import type { Catalog } from '../evaluations/catalog.ts';
import type { Planner } from '../evaluations/planner.ts';
import type { Lease, Leases } from '../ledger/leases.ts';
import type { Ledger } from '../ledger/ledger.ts';

const AT_ONCE = 500;

/** What a Expiry is made of. */
export interface ExpiryParts {
  leases: Leases;
  ledger: Ledger;
  catalog: Catalog;
  planner: Planner;
  clock: Clock;
  logger: Logger;
  instruments: Instruments;
  leaseMs: number;
}

export class Expiry {
  readonly #options: ExpiryParts;
  #seen = new Set<string>();
  #heldUntil: number;
  #lookedAt: number;
  /** Between the two looks before. */
  #usualGapMs = 0;

  constructor(options: ExpiryParts) {
    this.#options = options;
    this.#lookedAt = options.clock.monotonic();
    this.#heldUntil = this.#lookedAt + options.leaseMs;
  }

  /** Nothing expires for one lease time from now. */
  hold(): void {
    this.#heldUntil = this.#options.clock.monotonic() + this.#options.leaseMs;
    this.#seen.clear();
  }

  async runOnce(): Promise<void> {
    const { clock, leases, leaseMs } = this.#options;
    // Much later than usual: where sweeps always take long, leases must end nevertheless.
    const gapMs = clock.monotonic() - this.#lookedAt;
    if (gapMs > leaseMs / 2 && gapMs > 2 * this.#usualGapMs) this.hold();
    this.#usualGapMs = gapMs;
    let expired: Lease[];
    try {
      expired = await leases.expired(AT_ONCE);
    } catch (error) {
      this.hold();
      throw error;
    } finally {
      this.#lookedAt = clock.monotonic();
    }
    if (clock.monotonic() < this.#heldUntil) return;
    const seen = new Set<string>();
    for (const lease of expired) {
      if (!this.#seen.has(lease.attemptId)) seen.add(lease.attemptId);
      else
        await this.#end(lease).catch((error: unknown) => {
          seen.add(lease.attemptId);
          this.#options.logger.warn(
            { evaluationId: lease.evaluationId, error: AppError.from(error).message },
            'a lease could not be ended',
          );
        });
    }
    this.#seen = seen;
  }

  async #end(lease: Lease): Promise<void> {
    const { leases, ledger, catalog, planner, logger, instruments } = this.#options;
    if (!(await leases.take(lease))) return;
    await catalog.dropIfOver(lease.evaluationId);
    const known = await catalog.find(lease.evaluationId);
    const task = known && (await ledger.task(lease.evaluationId, lease.sequence));
    if (known && task) {
      const [answer] = await planner.release(known, [{ sequence: lease.sequence, kind: 'lost', attemptId: lease.attemptId }], [task]);
      if (answer !== 'unknown') {
        instruments.leasesExpiredTotal.add(1);
        logger.warn(
          { evaluationId: lease.evaluationId, sequence: lease.sequence, attemptId: lease.attemptId, agentId: lease.agentId, answer },
          'lease expired',
        );
      }
    }
  }
}
