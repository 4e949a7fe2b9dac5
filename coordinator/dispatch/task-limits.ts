/**
 * How long a task may take on one agent, apart from its lease: an agent that is heard keeps its lease, also when it never finishes.
 *
 * After the soft limit its agent is asked to let go of what it has not started, in every sweep; what runs goes on. After the hard limit the
 * attempt is taken back, as if its agent had crashed over it: the third time the samples that are open then are given up. Both count from the
 * grant, whichever coordinator gave it.
 */
import { AppError } from '../../shared/domain/errors.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import type { Logger } from '../../shared/telemetry/logger.ts';
import type { Catalog } from '../evaluations/catalog.ts';
import type { Planner } from '../evaluations/planner.ts';
import type { Leases } from '../ledger/leases.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { SessionRegistry } from '../sessions/registry.ts';
import type { Session } from '../sessions/session.ts';
import type { HeldAttempt } from '../sessions/session-types.ts';

/** Before a task that was taken back is handed out again: another agent should have it. */
const AGAIN_MS = 1_000;

/** What a TaskLimits is made of. */
export interface TaskLimitsParts {
  registry: SessionRegistry;
  catalog: Catalog;
  planner: Planner;
  ledger: Ledger;
  leases: Leases;
  clock: Clock;
  logger: Logger;
  /** 0: none. */
  taskSoftMs: number;
  taskHardMs: number;
}

export class TaskLimits {
  readonly #options: TaskLimitsParts;

  constructor(options: TaskLimitsParts) {
    this.#options = options;
  }

  async runOnce(): Promise<void> {
    const { registry, clock, logger, taskSoftMs, taskHardMs } = this.#options;
    if (taskSoftMs + taskHardMs === 0) return;
    for (const session of registry.all())
      for (const held of [...session.held.values()]) {
        const ms = clock.monotonic() - held.assignedAtMs;
        if (taskHardMs > 0 && ms > taskHardMs)
          await this.#takeBack(session, held).catch((error: unknown) =>
            logger.warn({ taskId: held.taskId, error: AppError.from(error).message }, 'a task over its time could not be taken back'),
          );
        else if (taskSoftMs > 0 && ms > taskSoftMs) session.askForRest(held);
      }
  }

  async #takeBack(session: Session, held: HeldAttempt): Promise<void> {
    const { catalog, ledger, planner, leases, logger, taskHardMs } = this.#options;
    const { evaluationId, taskId, sequence, attemptId } = held;
    session.revoke([attemptId], `not finished within ${taskHardMs} ms`);
    const known = await catalog.find(evaluationId);
    const task = known && (await ledger.task(evaluationId, sequence));
    if (known && task) {
      const evidence = { agent: session.name, instanceId: held.instanceId, exit: `did not finish it within ${taskHardMs} ms` };
      const [answer] = await planner.release(known, [{ sequence, kind: 'crash', attemptId, evidence }], [task], AGAIN_MS);
      logger.warn(
        { evaluationId, taskId, agentId: session.agentId, taskHardMs, answer },
        'a task was not finished in time and is taken back',
      );
    }
    await leases.remove([held]);
  }
}
