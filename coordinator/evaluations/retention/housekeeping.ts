/** What keeps store and Redis from growing for ever, as one duty in the background: retention of both, and after it the daily collection. */
import { AppError } from '../../../shared/domain/errors.ts';
import { Duty, runEach } from '../../../shared/runtime/service.ts';
import type { TaskQueue } from '../../queue/task-queue.ts';
import type { Store } from '../../store/store.ts';
import type { Catalog } from '../catalog.ts';
import { Adoption, type AdoptionParts } from './adoption.ts';
import { Collector, type CollectorParts } from './collector.ts';
import { LedgerRetention, type LedgerRetentionParts } from './ledger-retention.ts';
import { Retention, type RetentionParts } from './retention.ts';
import { StoreBoard } from './store-board.ts';

/** A round comes with one in so many sweeps. */
const SWEEPS = 60;

/** What is known of the store as a whole, and what collects in it. */
export function storeKeepers(
  parts: Omit<CollectorParts, 'board' | 'living' | 'collectQueues'> & {
    store: Store;
    queue: Pick<TaskQueue, 'collect'>;
    catalog: Pick<Catalog, 'routes'>;
    directory: { read(): Promise<{ coordinators: readonly { coordinatorId: string }[] }> };
  },
): { board: StoreBoard; collector: Collector } {
  const { store, queue, catalog, directory, clock } = parts;
  const board = new StoreBoard(store, clock);
  const living = async (): Promise<Set<string>> => new Set((await directory.read()).coordinators.map((c) => c.coordinatorId));
  const collectQueues = (dryRun: boolean): Promise<number> => queue.collect((routeId) => catalog.routes().has(routeId), dryRun);
  return { board, collector: new Collector({ ...parts, board, living, collectQueues }) };
}

export function housekeepingDuty(
  parts: Omit<RetentionParts, 'periodMs'> & LedgerRetentionParts & AdoptionParts & { sweepMs: number; collector: Collector },
): Duty {
  const { sweepMs, collector, clock, logger } = parts;
  const periodMs = sweepMs * SWEEPS;
  const retention = new Retention({ ...parts, periodMs });
  const ledgers = new LedgerRetention(parts);
  const adoption = new Adoption(parts);
  return new Duty({
    clock,
    periodMs,
    onError: (error) => logger.warn({ error: AppError.from(error).message }, 'old evaluations could not be removed; it is tried again'),
    run: (signal) =>
      runEach([
        () => adoption.runOnce(signal),
        () => retention.runOnce(signal),
        () => ledgers.runOnce(signal),
        () => collector.daily(signal),
      ]),
  });
}
