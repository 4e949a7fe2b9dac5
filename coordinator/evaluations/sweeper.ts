/**
 * The sweep: every second each coordinator compares the store's unfinished evaluations with Redis and does whatever the
 * difference asks for. Everything else is only faster than the sweep, never more right.
 */
import type { Clock } from '../../shared/runtime/clock.ts';
import type { Logger } from '../../shared/telemetry/logger.ts';
import { AppError } from '../../shared/domain/errors.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Store } from '../store/store.ts';
import type { Catalog, Seen } from './catalog.ts';
import type { Finalizer } from './finalizer.ts';
import type { Planner } from './planner.ts';
import type { Recovery } from './recovery.ts';

/** A submit that was never accepted is forgotten after this long. */
const STAGED_MS = 3_600_000;
/** Recoveries and reports under way at the same time. */
const WORKING_AT_ONCE = 4;

/** What a Sweeper is made of. */
export interface SweeperParts {
  store: Store;
  ledger: Ledger;
  catalog: Catalog;
  planner: Planner;
  finalizer: Finalizer;
  recovery: Recovery;
  clock: Clock;
  logger: Logger;
  starved: () => ReadonlySet<string>;
}

export class Sweeper {
  readonly #options: SweeperParts;
  readonly #working = new Map<string, Promise<void>>();

  constructor(options: SweeperParts) {
    this.#options = options;
  }

  async runOnce(): Promise<void> {
    for (const seen of await this.#options.catalog.refresh()) {
      try {
        await this.#look(seen);
      } catch (error) {
        this.#options.logger.warn({ evaluationId: seen.manifest.evaluationId, error: AppError.from(error).message }, 'sweep');
      }
    }
  }

  async #look(seen: Seen): Promise<void> {
    const { store, ledger, planner, finalizer, recovery, clock } = this.#options;
    const { evaluationId, createdAtMs } = seen.manifest;
    switch (seen.state) {
      case undefined:
        if (await store.isAccepted(evaluationId))
          this.#start(evaluationId, () => recovery.recover(evaluationId, 'Redis has no ledger of it'));
        else if (clock.now() - createdAtMs > STAGED_MS) await store.dropStaged(evaluationId);
        return;
      case 'accepted':
        if (await store.isAccepted(evaluationId)) await ledger.control(seen.manifest, { action: 'start' });
        else if (clock.now() - createdAtMs > STAGED_MS) {
          await store.dropStaged(evaluationId);
          await ledger.forget(evaluationId);
        }
        return;
      case 'recovering':
        return this.#start(evaluationId, () => recovery.recover(evaluationId, 'it waits to be recovered'));
      case 'running':
        planner.wake(evaluationId);
        if (this.#options.starved().size > 0) await planner.repair(seen, this.#options.starved());
        return;
      case 'finalizing':
        return this.#start(evaluationId, () => finalizer.finish(evaluationId));
      case 'paused':
        return;
      default:
        return store.markFinished(evaluationId); // final in the ledger, so its report is written
    }
  }

  /** Long work runs beside the sweep, a few at a time; what finds no place comes with the next sweep. */
  #start(evaluationId: string, work: () => Promise<void>): void {
    if (this.#working.has(evaluationId) || this.#working.size >= WORKING_AT_ONCE) return;
    const done = work()
      .catch((error: unknown) => this.#options.logger.error({ evaluationId, error: AppError.from(error).message }, 'the sweep tries again'))
      .finally(() => this.#working.delete(evaluationId));
    this.#working.set(evaluationId, done);
  }

  /** Waits for long work that is under way, `limitMs` at most: it may be broken off anywhere. */
  async settle(limitMs: number): Promise<void> {
    const limit = new AbortController();
    await Promise.race([Promise.all(this.#working.values()), this.#options.clock.sleep(limitMs, limit.signal).catch(() => undefined)]);
    limit.abort();
  }
}
