/** What is bounded by namespace, tied together. */
import type { RetentionPolicy } from '../../../shared/client/types.ts';
import type { PriceTable } from '../../../shared/domain/prices.ts';
import type { Clock } from '../../../shared/runtime/clock.ts';
import type { Logger } from '../../../shared/telemetry/logger.ts';
import type { ContentStore } from '../../datasets/datasets.ts';
import type { LeaseBound, Leases } from '../../ledger/leases.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Store } from '../../store/store.ts';
import type { Catalog } from '../catalog.ts';
import { NamespaceBook } from './book.ts';
import { contentWithin } from './content.ts';
import { Costs, type CostReached } from './costs.ts';
import { NamespaceAdmin } from './namespaces.ts';
import { Quotas } from './quotas.ts';
import { RunningTasks } from './running.ts';
import type { Promises } from './reservations.ts';

/** How long a task waits whose namespace has spent all that it may: until somebody may have raised the bound. */
const SPENT_MS = 2_000;

/** Where one coordinator is alone. */
const NO_OTHERS: Promises = {
  reserve: async (_place, { name, amount, limit, seen }) => {
    const used = [...seen].reduce((sum, [other, held]) => sum + (other === name ? 0 : held), 0);
    return { granted: used + amount <= limit, used, unseen: [], settled: [] };
  },
  release: async () => undefined,
  settle: async () => undefined,
  forget: async () => undefined,
};

export interface NamespaceParts {
  book: NamespaceBook;
  quotas: Quotas;
  costs: Costs;
  admin: NamespaceAdmin;
  /** How many tasks may run at once beside those of an evaluation. */
  boundOf(evaluationId: string): Promise<LeaseBound | undefined>;
  /** What a namespace has spent this day, where that is all that it may. */
  spentBy(namespace: string): Promise<CostReached | undefined>;
  /** The retention of namespaces that have one of their own. */
  retentions(): Promise<ReadonlyMap<string, RetentionPolicy>>;
  /** The store for what holds content by its digest: within the quota of whoever holds it. */
  contentStore: ContentStore;
}

export function namespaceParts(parts: {
  store: Store;
  ledger: Ledger;
  leases: Leases;
  catalog: Catalog;
  coordinatorId: string;
  prices: PriceTable;
  reservations?: Promises | undefined;
  clock: Clock;
  logger: Logger;
}): NamespaceParts {
  const { store, leases, catalog, reservations = NO_OTHERS } = parts;
  const book = new NamespaceBook(store, parts.clock);
  const notify = (): Promise<void> => parts.ledger.notify('s:');
  const costs = new Costs({
    ...parts,
    limitOf: (namespace) => book.known(namespace).maxCostPerDayMicroUsd,
    isWanted: () => book.all().some(({ limits }) => limits.maxCostPerDayMicroUsd !== undefined),
    notify,
  });
  const spentBy = async (namespace: string): Promise<CostReached | undefined> => costs.reached(namespace, await book.limitsOf(namespace));
  const quotas = new Quotas({ ...parts, reservations, costs, book });
  const namespaceOf = async (evaluationId: string): Promise<string | undefined> => (await catalog.find(evaluationId))?.manifest.namespace;
  const tasksOf = async (namespace: string): Promise<number> => {
    let tasks = 0;
    for (const [evaluationId, count] of await leases.perEvaluation()) if ((await namespaceOf(evaluationId)) === namespace) tasks += count;
    return tasks;
  };
  const bounded = (): string[] => book.all().flatMap(({ namespace, limits }) => (limits.maxTasks === undefined ? [] : [namespace]));
  const running = new RunningTasks({ leases, namespaceOf, bounded, clock: parts.clock });
  return {
    book,
    quotas,
    costs,
    admin: new NamespaceAdmin({ ...parts, book, quotas, tasksOf, notify, costOf: (namespace) => costs.usedOf(namespace) }),
    spentBy,
    boundOf: async (evaluationId) => {
      const holder = await namespaceOf(evaluationId);
      const limits = holder === undefined ? {} : await book.limitsOf(holder);
      if (holder !== undefined && limits.maxCostPerDayMicroUsd !== undefined && (await costs.reached(holder, limits)))
        return { holder, limit: 0, waitMs: SPENT_MS };
      if (holder === undefined) return undefined;
      const limit = limits.maxTasks;
      if (limit === undefined) {
        running.forget(holder);
        return undefined;
      }
      await running.counted(holder);
      return { holder, limit };
    },
    retentions: async () => {
      await book.refresh();
      return new Map(
        book.all().map(({ namespace, limits: { keepMs, keepEvaluations, keepBytes } }) => [
          namespace,
          {
            ...(keepMs !== undefined && { keepMs }),
            ...(keepEvaluations !== undefined && { keepEvaluations }),
            ...(keepBytes !== undefined && { keepBytes }),
          },
        ]),
      );
    },
    contentStore: contentWithin({ store, book, quotas, reservations }),
  };
}
