/**
 * Ends leases that ran out. A lease must be seen as expired twice, one sweep apart, and nothing expires for one lease time
 * after this coordinator (re)connected to Redis, or Redis refused to renew, or this process stood still: agents must have had the chance
 * to renew. A decision that comes late is powerless: a lease that was renewed meanwhile is not taken away.
 */
import { AppError } from '../../shared/domain/errors.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import type { Logger } from '../../shared/telemetry/logger.ts';
import type { Instruments } from '../../shared/telemetry/metrics.ts';
import type { Catalog, Known } from '../evaluations/catalog.ts';
import type { Planner } from '../evaluations/planner.ts';
import type { Lease, Leases } from '../ledger/leases.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { LedgerTask } from '../ledger/types.ts';

const AT_ONCE = 500;
/** Those that cannot be ended are looked at besides, so many at most. */
const MAX_STUCK = 10_000;

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
  /** Agents by id, for people; those that nobody knows any more are not among them. */
  names: () => Promise<ReadonlyMap<string, string>>;
}

export class Expiry {
  readonly #options: ExpiryParts;
  #seen = new Set<string>();
  #heldUntil: number;
  #lookedAt: number;
  /** Read once in a look, if anything ends. */
  #names: Promise<ReadonlyMap<string, string>> | undefined;
  /** Could not be ended in the last look: the oldest, whose evaluation cannot be read perhaps. Those behind them have their turn. */
  #stuck = 0;
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
      expired = await leases.expired(AT_ONCE + this.#stuck);
    } catch (error) {
      this.hold();
      throw error;
    } finally {
      this.#lookedAt = clock.monotonic();
    }
    if (clock.monotonic() < this.#heldUntil) return;
    const seen = new Set<string>();
    let stuck = 0;
    this.#names = undefined;
    for (const lease of expired) {
      if (!this.#seen.has(lease.attemptId)) seen.add(lease.attemptId);
      else
        await this.#end(lease).catch((error: unknown) => {
          seen.add(lease.attemptId);
          stuck++;
          this.#options.logger.warn(
            { evaluationId: lease.evaluationId, error: AppError.from(error).message },
            'a lease could not be ended',
          );
        });
    }
    this.#seen = seen;
    this.#stuck = Math.min(stuck, MAX_STUCK);
  }

  async #end(lease: Lease): Promise<void> {
    const { leases, ledger, catalog } = this.#options;
    // What may fail without having changed anything comes first: then the lease is where it was.
    await catalog.dropIfOver(lease.evaluationId);
    const known = await catalog.find(lease.evaluationId);
    const task = known && (await ledger.task(lease.evaluationId, lease.sequence));
    if (!(await leases.take(lease)) || !known || !task) return;
    try {
      await this.#release(lease, known, task);
    } catch (error) {
      // It has run out all the same: the next sweep ends it. Where Redis takes nothing at all, the upkeep finds an attempt without a lease.
      await leases.add([lease], 0).catch(() => undefined);
      throw error;
    }
  }

  async #nameOf(agentId: string): Promise<string | undefined> {
    // Without the directory it has no name; its lease ends all the same.
    return (await (this.#names ??= this.#options.names().catch(() => new Map<string, string>()))).get(agentId);
  }

  async #release(lease: Lease, known: Known, task: LedgerTask): Promise<void> {
    const { planner, logger, instruments } = this.#options;
    const { evaluationId, sequence, attemptId, agentId, instanceId } = lease;
    const agent = (await this.#nameOf(agentId)) ?? agentId;
    const [answer] = await planner.release(known, [{ sequence, kind: 'lost', attemptId, evidence: { agent, instanceId } }], [task]);
    if (answer === 'unknown') return;
    instruments.leasesExpiredTotal.add(1);
    logger.warn({ evaluationId, sequence, attemptId, agentId, answer }, 'lease expired');
  }
}
