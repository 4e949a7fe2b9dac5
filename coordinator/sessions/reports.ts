/** The reports of one session on their way to the store and the ledger: what is refused unread, what waits, how much of it. */
import { AppError } from '../../shared/domain/errors.ts';
import type { AttemptAck, AttemptReport } from '../../shared/rpc/messages.ts';
import type { Logger } from '../../shared/telemetry/logger.ts';
import type { Committed, HeldReport } from '../evaluations/committer.ts';
import type { ReportBudget } from './report-budget.ts';
import type { HeldAttempt } from './session-types.ts';

/** Bytes of one session's reports that may wait for their commit before reading pauses. */
const PENDING_BYTES = 32 << 20;

/** What is asked of the rest. */
export interface ReportDuties {
  commit(report: HeldReport): Promise<Committed>;
  /** The attempt is over: its lease and its job can go. */
  onOver(held: HeldAttempt, taskOver: boolean): void;
}

export interface ReportsParts {
  agentId: string;
  /** What the agent holds, by attempt. */
  held: Map<string, HeldAttempt>;
  /** What all sessions together may have waiting. */
  budget: ReportBudget;
  duties: ReportDuties;
  onAck: (ack: AttemptAck) => void;
  /** Nothing can be said of what was reported: the stream has to end. */
  onFailed: (error: AppError) => void;
  logger: Logger;
}

export class Reports {
  /** Units that were counted on this stream, and errored ones among them. */
  readonly tally = { counted: 0, errored: 0 };
  readonly #parts: ReportsParts;
  readonly #committing = new Map<string, Set<Promise<void>>>();
  #pendingBytes = 0;
  #drained: (() => void) | undefined;

  constructor(parts: ReportsParts) {
    this.#parts = parts;
  }

  /** More waits than may, here or in all: nothing else should be read. An agent that has nothing waiting is heard. */
  get isFull(): boolean {
    return this.#pendingBytes > PENDING_BYTES || (this.#pendingBytes > 0 && this.#parts.budget.isFull);
  }

  /** Resolves when the store has taken so much that there is room again. */
  async room(): Promise<void> {
    const { budget } = this.#parts;
    while (this.isFull) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#drained = resolve;
      budget.onRoom(resolve);
      await promise;
      budget.forget(resolve);
    }
  }

  /** Resolves when what is under way of an attempt is committed. */
  async settled(attemptId: string): Promise<void> {
    await Promise.all([...(this.#committing.get(attemptId) ?? [])]);
  }

  take(report: AttemptReport): void {
    const { agentId, held: all, logger, onAck } = this.#parts;
    const held = all.get(report.attemptId);
    const units = report.results.map((r) => r.unit);
    if (!held || report.results.length === 0) return onAck({ attemptId: report.attemptId, units, lost: !held });
    if (units.some((unit) => (held.units ? !held.units.has(unit) : unit < held.first || unit >= held.end))) {
      // Its content must not even reach the store: it could win over a result that counts.
      logger.error({ agentId, taskId: held.taskId }, 'the agent reported units that are not of its task; all of the report is refused');
      return onAck({ attemptId: report.attemptId, units, lost: true });
    }
    held.accepted = true;
    const bytes = report.results.reduce((sum, r) => sum + r.content.length, 0);
    this.#charge(bytes);
    const work = this.#commit(held, report).finally(() => {
      this.#charge(-bytes);
      this.#drained?.();
      const open = this.#committing.get(held.attemptId);
      open?.delete(work);
      if (open?.size === 0) this.#committing.delete(held.attemptId);
    });
    const open = this.#committing.get(held.attemptId) ?? new Set();
    this.#committing.set(held.attemptId, open.add(work));
  }

  #charge(bytes: number): void {
    this.#pendingBytes += bytes;
    this.#parts.budget.charge(bytes);
  }

  async #commit(held: HeldAttempt, report: AttemptReport): Promise<void> {
    const { agentId, held: all, duties, onAck, onFailed } = this.#parts;
    try {
      const { taskOver, counted, errored, ...ack } = await duties.commit({
        evaluationId: held.evaluationId,
        taskId: held.taskId,
        sequence: held.sequence,
        attemptId: held.attemptId,
        agentId,
        grant: held.grant,
        results: report.results,
        traceparent: report.traceparent,
      });
      this.tally.counted += counted;
      this.tally.errored += errored;
      for (const unit of ack.units) held.done.add(unit);
      if (ack.lost || taskOver) {
        all.delete(held.attemptId);
        duties.onOver(held, taskOver);
      }
      onAck(ack);
    } catch (error) {
      // Nothing can be said of these results: the agent keeps them and offers them again on its next stream.
      onFailed(AppError.from(error));
    }
  }
}
