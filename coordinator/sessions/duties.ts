/** What sessions ask of the rest, done: commits, renewals in one write for all sessions, hand-backs, ends of attempts. */
import type { Logger } from '../../shared/telemetry/logger.ts';
import type { Instruments } from '../../shared/telemetry/metrics.ts';
import { AppError } from '../../shared/domain/errors.ts';
import { describeRoute } from '../../shared/domain/routing.ts';
import { parseTaskId } from '../../shared/domain/ids.ts';
import type { AttemptReport, HandBackReason } from '../../shared/rpc/messages.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import type { Catalog } from '../evaluations/catalog.ts';
import type { Committer } from '../evaluations/committer.ts';
import type { Planner } from '../evaluations/planner.ts';
import type { Lease, Leases } from '../ledger/leases.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { ReleaseItem, SpareAnswer } from '../ledger/types.ts';
import type { Crashes, Survivor } from './crashes.ts';
import type { TaskQueue } from '../queue/task-queue.ts';
import type { HeldAttempt, Session, SessionDuties } from './session.ts';

/** How long a task that was handed back waits, so that it does not return to the same agent at once. */
const HAND_BACK_DELAY_MS: Record<HandBackReason, number> = {
  drain: 0,
  lost: 0,
  declined: 5_000,
  quota: 1_000,
  auth: 1_000,
  spool_full: 1_000,
};

/** What a Duties is made of. */
export interface DutiesParts {
  committer: Committer;
  leases: Leases;
  ledger: Ledger;
  queue: TaskQueue;
  catalog: Catalog;
  planner: Planner;
  crashes: Crashes;
  clock: Clock;
  logger: Logger;
  instruments: Instruments;
  onRoom: (session: Session) => void;
  /** An agent that fits would not do a task, and says why. */
  onDeclined?: (held: HeldAttempt, detail: string) => void;
}

export class Duties implements SessionDuties {
  readonly #options: DutiesParts;
  #renewals: { leases: readonly Lease[]; resolve: (renewed: boolean[]) => void; reject: (error: unknown) => void }[] = [];
  #over: HeldAttempt[] = [];

  constructor(options: DutiesParts) {
    this.#options = options;
  }

  commit: SessionDuties['commit'] = (report) => this.#options.committer.commit(report);

  onRoom(session: Session): void {
    this.#options.onRoom(session);
  }

  /** Renewals that arrive in one tick become one write. */
  renew(leases: readonly Lease[]): Promise<boolean[]> {
    return new Promise((resolve, reject) => {
      if (this.#renewals.push({ leases, resolve, reject }) > 1) return;
      this.#options.clock.soon(() => void this.#renewAll());
    });
  }

  async #renewAll(): Promise<void> {
    const round = this.#renewals;
    this.#renewals = [];
    try {
      const renewed = await this.#options.leases.renew(round.flatMap((r) => r.leases));
      let at = 0;
      for (const r of round) r.resolve(renewed.slice(at, (at += r.leases.length)));
    } catch (error) {
      for (const r of round) r.reject(error);
    }
  }

  async handBack(held: HeldAttempt, reason: HandBackReason, from: Survivor, detail: string): Promise<void> {
    const { catalog, ledger, planner, leases } = this.#options;
    const known = await catalog.find(held.evaluationId);
    const task = known && (await ledger.task(held.evaluationId, held.sequence));
    if (known && task) {
      const item: ReleaseItem =
        reason === 'lost'
          ? await this.#options.crashes.itemOf(from, held, detail.slice(0, 200))
          : { sequence: held.sequence, kind: 'returned', attemptId: held.attemptId };
      await planner.release(known, [item], [task], HAND_BACK_DELAY_MS[reason]);
    }
    if (reason === 'declined') this.#options.onDeclined?.(held, detail);
    await leases.remove([held]);
  }

  async spare(held: HeldAttempt, units: readonly number[]): Promise<SpareAnswer> {
    const { ledger, planner } = this.#options;
    const { evaluationId, sequence, attemptId, agentId } = held;
    const answer = await ledger.spare(evaluationId, { sequence, attemptId, agentId, units });
    if (answer === 'taken' || answer === 'over') planner.wake(evaluationId);
    return answer;
  }

  onLate(agentId: string, { taskId, attemptId, results }: AttemptReport): void {
    const task = parseTaskId(taskId);
    if (!task) return;
    this.#options.ledger.tell({
      kind: 'refused',
      evaluationId: task.evaluationId,
      attemptId,
      agentId,
      units: results.map((r) => r.unit).toSorted((a, b) => a - b),
    });
  }

  onOver(held: HeldAttempt, taskOver: boolean): void {
    const { clock, instruments, catalog } = this.#options;
    if (taskOver) {
      const route = catalog.routes().get(held.routeId);
      if (route) instruments.taskExecutionSeconds.record((clock.monotonic() - held.assignedAtMs) / 1000, { route: describeRoute(route) });
    }
    if (this.#over.push(held) > 1) return;
    clock.soon(() => void this.#endAll());
  }

  /** Lets go of leases and jobs; what fails here is found by the expiry and by BullMQ's stalled check. */
  async #endAll(): Promise<void> {
    const over = this.#over;
    this.#over = [];
    const { leases, queue, logger } = this.#options;
    const results = await Promise.allSettled([leases.remove(over), ...over.map((h) => queue.complete(h.routeId, h.jobId, h.attemptId))]);
    const failed = results.filter((r) => r.status === 'rejected');
    if (failed.length > 0)
      logger.debug(
        { attempts: failed.length, error: AppError.from(failed[0]!.reason).message },
        'attempts could not be let go; the backstops do it',
      );
  }
}
