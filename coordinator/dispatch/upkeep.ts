/** Small duties of every sweep: attempts that no agent accepted, locks of held jobs, queues that nobody needs. */
import { AppError } from '../../shared/domain/errors.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import type { Logger } from '../../shared/telemetry/logger.ts';
import type { Catalog } from '../evaluations/catalog.ts';
import type { Planner } from '../evaluations/planner.ts';
import type { Leases } from '../ledger/leases.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { TaskQueue } from '../queue/task-queue.ts';
import type { SessionRegistry } from '../sessions/registry.ts';
import type { Leftovers } from './leftovers.ts';

/** How often it is tried again to read what an agent holds and could not be read when it came. */
const UNSETTLED_MS = 60_000;

/** What a Upkeep is made of. */
export interface UpkeepParts {
  registry: SessionRegistry;
  queue: TaskQueue;
  catalog: Catalog;
  planner: Planner;
  ledger: Ledger;
  leases: Leases;
  leftovers: Leftovers;
  clock: Clock;
  logger: Logger;
  acceptMs: number;
  heartbeatMs: number;
  leaseMs: number;
}

export class Upkeep {
  readonly #options: UpkeepParts;
  #leasesAtMs = 0;

  constructor(options: UpkeepParts) {
    this.#options = options;
  }

  async runOnce(): Promise<void> {
    this.#endSilent();
    await this.#takeBackUnaccepted();
    await this.#dropLetGo();
    if (this.#options.clock.monotonic() >= this.#leasesAtMs) await this.#restoreLeases();
    const { registry, queue, catalog, leftovers } = this.#options;
    const needed = new Set(catalog.routes().keys());
    for (const session of registry.all()) for (const held of session.held.values()) needed.add(held.routeId);
    const fading = await leftovers.runOnce(needed);
    await queue.retain(new Set([...needed, ...fading]));
  }

  /** A write to a stream is not a delivery: what is not accepted in time is taken back. */
  async #takeBackUnaccepted(): Promise<void> {
    const { registry, catalog, planner, ledger, leases, logger, acceptMs, heartbeatMs } = this.#options;
    for (const session of registry.all()) {
      // Nothing is heard of it at all: it may hold the attempt elsewhere by now, and the lease decides.
      if (session.silentMs() > 2 * heartbeatMs) continue;
      for (const held of session.unaccepted(acceptMs)) {
        logger.warn(
          { evaluationId: held.evaluationId, taskId: held.taskId, agentId: session.agentId },
          'the agent did not accept the task; it returns to the queue',
        );
        session.revoke([held.attemptId], 'not accepted');
        const known = await catalog.find(held.evaluationId);
        const task = known && (await ledger.task(held.evaluationId, held.sequence));
        const { sequence, attemptId, instanceId } = held;
        const evidence = { agent: session.name, instanceId, exit: `did not accept it within ${acceptMs} ms` };
        if (known && task) await planner.release(known, [{ sequence, kind: 'lost', attemptId, evidence }], [task]);
        await leases.remove([held]);
      }
    }
  }

  /**
   * What was settled on an older stream of the agent while this one was resuming it. Its lease is not renewed any more, so the ledger is
   * rid of it; here it would hold its job and its route for ever.
   */
  async #dropLetGo(): Promise<void> {
    const { registry, queue, leaseMs } = this.#options;
    for (const session of registry.all()) {
      for (const held of session.letGo(2 * leaseMs)) {
        session.held.delete(held.attemptId);
        await queue.complete(held.routeId, held.jobId, held.attemptId);
      }
    }
  }

  /** A stream that has carried nothing for a lease time is dead, whatever answers its pings. */
  #endSilent(): void {
    const { registry, leaseMs } = this.#options;
    for (const session of registry.all()) {
      if (session.silentMs() > leaseMs) session.end(new AppError('deadline', `nothing was heard for ${leaseMs} ms`));
      else if (session.unsettled.ageMs() > UNSETTLED_MS)
        session.end(new AppError('unavailable', 'come again: an evaluation could not be read, and may be readable by now'));
    }
  }

  /** A task that is leased without a lease would never end; there should be none. It gets a new lease, and so a deadline. */
  async #restoreLeases(): Promise<void> {
    const { catalog, ledger, leases, clock, leaseMs, logger } = this.#options;
    this.#leasesAtMs = clock.monotonic() + leaseMs;
    for (const {
      manifest: { evaluationId },
      state,
    } of catalog.active()) {
      if (state !== 'running' && state !== 'paused') continue;
      const held = (await ledger.tasks(evaluationId)).filter((t) => t.state === 'leased');
      const missing = await leases.missing(held.map((t) => ({ evaluationId, sequence: t.sequence, attemptId: t.attemptId })));
      for (const lease of missing) logger.warn({ ...lease }, 'an attempt without a lease gets one');
      await leases.add(missing);
    }
  }

  /** BullMQ's locks are a backstop of minutes; held jobs keep theirs. */
  async extendLocks(): Promise<void> {
    const { registry, queue } = this.#options;
    const held = registry.all().flatMap((s) => [...s.held.values()]);
    for (const [routeId, own] of Map.groupBy(held, (h) => h.routeId)) await queue.extendLocks(routeId, own);
  }
}
