/** Small duties of every sweep: attempts that no agent accepted, locks of held jobs, queues that nobody needs. */
import type { Clock } from '../../shared/runtime/clock.ts';
import type { Logger } from '../../shared/telemetry/logger.ts';
import type { Catalog } from '../evaluations/catalog.ts';
import type { Planner } from '../evaluations/planner.ts';
import type { Leases } from '../ledger/leases.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { TaskQueue } from '../queue/task-queue.ts';
import type { SessionRegistry } from '../sessions/registry.ts';

/** What a Upkeep is made of. */
export interface UpkeepParts {
  registry: SessionRegistry;
  queue: TaskQueue;
  catalog: Catalog;
  planner: Planner;
  ledger: Ledger;
  leases: Leases;
  clock: Clock;
  logger: Logger;
  acceptMs: number;
}

export class Upkeep {
  readonly #options: UpkeepParts;

  constructor(options: UpkeepParts) {
    this.#options = options;
  }

  async runOnce(): Promise<void> {
    await this.#takeBackUnaccepted();
    const { registry, queue, catalog } = this.#options;
    const needed = new Set(catalog.routes().keys());
    for (const session of registry.all()) for (const held of session.held.values()) needed.add(held.routeId);
    await queue.retain(needed);
  }

  /** A write to a stream is not a delivery: what is not accepted in time is taken back. */
  async #takeBackUnaccepted(): Promise<void> {
    const { registry, catalog, planner, ledger, leases, logger, acceptMs } = this.#options;
    for (const session of registry.all()) {
      for (const held of session.unaccepted(acceptMs)) {
        logger.warn({ evaluationId: held.evaluationId, taskId: held.taskId, agentId: session.agentId }, 'the agent did not accept the task; it returns to the queue');
        session.revoke([held.attemptId], 'not accepted');
        const known = await catalog.find(held.evaluationId);
        const task = known && (await ledger.task(held.evaluationId, held.sequence));
        if (known && task) await planner.release(known, [{ sequence: held.sequence, kind: 'lost', attemptId: held.attemptId }], [task]);
        await leases.remove([held]);
      }
    }
  }

  /** BullMQ's locks are a backstop of minutes; held jobs keep theirs. */
  async extendLocks(): Promise<void> {
    const { registry, queue } = this.#options;
    const held = registry.all().flatMap((s) => [...s.held.values()]);
    for (const [routeId, own] of Map.groupBy(held, (h) => h.routeId)) await queue.extendLocks(routeId, own);
  }
}
