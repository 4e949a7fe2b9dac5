/** The reports of one session on their way to the store and the ledger: what is refused unread, what waits, how much of it. */
import { AppError } from '../../shared/domain/errors.ts';
import type { AttemptAck, AttemptReport } from '../../shared/rpc/messages.ts';
import type { Logger } from '../../shared/telemetry/logger.ts';
import type { Committed, HeldReport } from '../evaluations/committer.ts';
import type { LeaseCheck, LeaseProblem } from './provenance/lease-check.ts';
import type { ReportBudget } from './report-budget.ts';
import type { HeldAttempt, Misdeed } from './session-types.ts';

/** Bytes of one session's reports that may wait for their commit before reading pauses. */
const PENDING_BYTES = 32 << 20;
/** Reports of one message that are taken in one go: it may hold thousands. */
const REPORTS_A_TURN = 32;

/** What is asked of the rest. */
export interface ReportDuties {
  commit(report: HeldReport): Promise<Committed>;
  /** The attempt is over: its lease and its job can go. */
  onOver(held: HeldAttempt, taskOver: boolean): void;
  /** Results of an attempt that is proved to have been the agent's, and is not held any more. */
  onLate?(agentId: string, report: AttemptReport): void;
}

export interface ReportsParts {
  agentId: string;
  /** What the agent holds, by attempt. */
  held: Map<string, HeldAttempt>;
  /** What all sessions together may have waiting. */
  budget: ReportBudget;
  duties: ReportDuties;
  /** Whether the attempt is proved to be the agent's. */
  check: LeaseCheck['problemOf'];
  /** Something of it was refused. */
  onMisdeed: (misdeed: Misdeed) => void;
  /** The agent is put aside: nothing of what it does not hold is looked into. */
  isQuarantined: () => boolean;
  onAck: (ack: AttemptAck) => void;
  /** Nothing can be said of what was reported: the stream has to end. */
  onFailed: (error: AppError) => void;
  logger: Logger;
}

export class Reports {
  /** Units that were counted on this stream, and errored ones among them. */
  readonly tally = { counted: 0, errored: 0 };
  /** Reports that were not taken, also those that nobody looked into. */
  turnedAway = 0;
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

  /** Nothing of an attempt waits for its commit. */
  isSettled(attemptId: string): boolean {
    return !this.#committing.has(attemptId);
  }

  /** Resolves when what is under way of an attempt is committed. */
  async settled(attemptId: string): Promise<void> {
    await Promise.all([...(this.#committing.get(attemptId) ?? [])]);
  }

  /** Those of one message; `turn`: others have theirs between some and the next. */
  async takeAll(reports: readonly AttemptReport[], turn?: () => Promise<void> | undefined): Promise<void> {
    for (const [i, report] of reports.entries()) {
      if (i % REPORTS_A_TURN === REPORTS_A_TURN - 1) await turn?.();
      this.take(report);
    }
  }

  take(report: AttemptReport): void {
    const { held: all, check, isQuarantined, onFailed } = this.#parts;
    const held = all.get(report.attemptId);
    if (!held && isQuarantined()) return this.#refuse(report);
    const problem = check(report, held);
    if (!(problem instanceof Promise)) return this.#follow(report, this.#takeChecked(report, problem));
    this.#follow(
      report,
      problem.then(
        (found) => this.#takeChecked(report, found),
        (error: unknown) => onFailed(AppError.from(error)), // nothing can be said of it now
      ),
    );
  }

  /** Undefined: it is settled. Of what is refused not even the content must reach the store: it could win over a result that counts. */
  #takeChecked(report: AttemptReport, problem: LeaseProblem | undefined): Promise<void> | undefined {
    const { agentId, held: all, duties, onMisdeed, onAck } = this.#parts;
    const { attemptId, taskId, results } = report;
    const held = all.get(attemptId);
    if (problem) {
      onMisdeed({ ...problem, kind: 'lease', count: 1, taskId, ...(held ? { namespace: held.namespace } : {}) });
      this.#refuse(report);
      return undefined;
    }
    if (!held || results.length === 0) {
      if (!held && results.length > 0) duties.onLate?.(agentId, report);
      onAck({ attemptId, units: results.map((r) => r.unit), lost: !held });
      return undefined;
    }
    const isOwn = ({ unit }: { unit: number }): boolean => (held.units ? held.units.has(unit) : unit >= held.first && unit < held.end);
    const own = results.filter(isOwn);
    const foreign = results.filter((r) => !isOwn(r)).map((r) => r.unit);
    if (foreign.length > 0) {
      const why = `a result of unit ${foreign[0]}, which is not one of its task`;
      onMisdeed({ kind: 'unit', count: foreign.length, why, taskId, namespace: held.namespace });
      onAck({ attemptId, units: foreign, lost: false });
    }
    if (own.length === 0) return undefined;
    held.accepted = true;
    return this.#commit(held, own.length === results.length ? report : { ...report, results: own });
  }

  #refuse({ attemptId, results }: AttemptReport): void {
    this.turnedAway++;
    this.#parts.onAck({ attemptId, units: results.map((r) => r.unit), lost: true });
  }

  /** Work is under way for a report. */
  #follow({ attemptId, results }: AttemptReport, pending: Promise<void> | undefined): void {
    if (!pending) return;
    const bytes = results.reduce((sum, r) => sum + r.content.length, 0);
    this.#charge(bytes);
    const work = pending.finally(() => {
      this.#charge(-bytes);
      this.#drained?.();
      const open = this.#committing.get(attemptId);
      open?.delete(work);
      if (open?.size === 0) this.#committing.delete(attemptId);
    });
    const open = this.#committing.get(attemptId) ?? new Set();
    this.#committing.set(attemptId, open.add(work));
  }

  #charge(bytes: number): void {
    this.#pendingBytes += bytes;
    this.#parts.budget.charge(bytes);
  }

  async #commit(held: HeldAttempt, report: AttemptReport): Promise<void> {
    const { agentId, held: all, duties, onAck, onFailed, onMisdeed } = this.#parts;
    try {
      const { taskOver, counted, errored, refused, ...ack } = await duties.commit({
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
      for (const { kind, count, why } of refused ?? []) onMisdeed({ kind, count, why, taskId: held.taskId, namespace: held.namespace });
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
