/** What agents hold that were put aside: it is taken from them, so that they spoil nothing more of it, and others run it. */
import { AppError } from '../../shared/domain/errors.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import type { Logger } from '../../shared/telemetry/logger.ts';
import type { Catalog } from '../evaluations/catalog.ts';
import type { Planner } from '../evaluations/planner.ts';
import type { Leases } from '../ledger/leases.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { SessionRegistry } from '../sessions/registry.ts';
import type { HeldAttempt } from '../sessions/session-types.ts';

/** What it has reported well is counted first, if that does not last; in the meantime it may report more. */
const SETTLE_MS = 5_000;

/** What a Quarantine is made of. */
export interface QuarantineParts {
  isQuarantined: (agentId: string, proof: string) => boolean;
  registry: SessionRegistry;
  catalog: Catalog;
  planner: Planner;
  ledger: Ledger;
  leases: Leases;
  clock: Pick<Clock, 'monotonic'>;
  logger: Logger;
}

export class Quarantine {
  readonly #parts: QuarantineParts;
  readonly #seenAtMs = new WeakMap<HeldAttempt, number>();

  constructor(parts: QuarantineParts) {
    this.#parts = parts;
  }

  async runOnce(): Promise<void> {
    const { registry, isQuarantined, logger } = this.#parts;
    for (const session of registry.all()) {
      if (!isQuarantined(session.agentId, session.facts.proof())) continue;
      const all = [...session.held.values()].filter((held) => session.isSettled(held.attemptId) || this.#isOverdue(held));
      session.revoke(
        all.map(({ attemptId }) => attemptId),
        'this agent is quarantined',
      );
      for (const held of all)
        await this.#takeBack(held).catch((error: unknown) =>
          logger.warn(
            { taskId: held.taskId, error: AppError.from(error).message },
            'a task of a quarantined agent could not be taken back',
          ),
        );
    }
  }

  #isOverdue(held: HeldAttempt): boolean {
    const now = this.#parts.clock.monotonic();
    const since = this.#seenAtMs.get(held) ?? now;
    this.#seenAtMs.set(held, since);
    return now - since > SETTLE_MS;
  }

  async #takeBack(held: HeldAttempt): Promise<void> {
    const { catalog, ledger, planner, leases } = this.#parts;
    const { evaluationId, sequence, attemptId } = held;
    const known = await catalog.find(evaluationId);
    const task = known && (await ledger.task(evaluationId, sequence));
    if (known && task) await planner.release(known, [{ sequence, kind: 'returned', attemptId }], [task]);
    await leases.remove([held]);
  }
}
