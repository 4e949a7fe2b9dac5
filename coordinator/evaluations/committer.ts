/**
 * Counting results. The order is fixed: append a frame → durable → commit script → acknowledgement. Reports of one
 * evaluation that arrive while a commit is under way become the next one: one append and one script for all of them.
 */
import type { AttemptAck } from '../../shared/rpc/messages.ts';
import { AppError } from '../../shared/domain/errors.ts';
import { judgedUnitOf, type Manifest } from '../../shared/domain/manifest.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import type { Logger } from '../../shared/telemetry/logger.ts';
import type { Instruments } from '../../shared/telemetry/metrics.ts';
import { attributeNames, spanNames, withSpan } from '../../shared/telemetry/tracing.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { CourseKeeper } from '../progress/course/course-keeper.ts';
import type { CommitAnswer } from '../ledger/types.ts';
import type { ResultFrame, Store, VoidFrame } from '../store/store.ts';
import type { Catalog } from './catalog.ts';
import type { Answers } from './judging/answers.ts';
import type { Costs } from './namespaces/costs.ts';
import { countable, refusedOf, type CheckedResult, type RefusedResults } from './reported.ts';

/** What bounds one commit. */
const BATCH_RESULTS = 2_000;
const BATCH_BYTES = 16 << 20;
const TRIES = 6;
const FIRST_WAIT_MS = 200;
const TELL_MS = 100;

/** A report of an attempt that this coordinator's session holds. */
export interface HeldReport {
  evaluationId: string;
  taskId: string;
  sequence: number;
  attemptId: string;
  agentId: string;
  grant: number;
  results: { unit: number; content: Buffer }[];
  traceparent: string;
}

/** The answer to a report, and what came of it: units that count, and errored ones among them. */
export interface Committed extends AttemptAck {
  taskOver: boolean;
  counted: number;
  errored: number;
  /** Of its results those that make no sense, or are too large; an error stands in their place. */
  refused?: readonly RefusedResults[];
}

interface Waiting {
  report: HeldReport;
  bytes: number;
  resolve: (committed: Committed) => void;
  reject: (error: AppError) => void;
}

export class Committer {
  readonly #store: Pick<Store, 'appendResults' | 'appendVoids'>;
  readonly #ledger: Ledger;
  readonly #catalog: Catalog;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #instruments: Instruments;
  readonly #onCommitted: (evaluationId: string, state: string | undefined) => void;
  readonly #isSettled: () => boolean;
  readonly #answers: Pick<Answers, 'era' | 'keep' | 'judged'>;
  readonly #costs: Pick<Costs, 'add'>;
  readonly #course: Pick<CourseKeeper, 'add'> | undefined;
  readonly #waiting = new Map<string, Waiting[]>();
  readonly #running = new Map<string, Promise<void>>();
  readonly #telling = new Set<string>();
  readonly #stopping = new AbortController();

  constructor(options: {
    store: Pick<Store, 'appendResults' | 'appendVoids'>;
    ledger: Ledger;
    catalog: Catalog;
    clock: Clock;
    logger: Logger;
    instruments: Instruments;
    /** Something was counted: there may be room to plan, or nothing left to do. */
    onCommitted: (evaluationId: string, state: string | undefined) => void;
    /** False while Redis may have forgotten what it knew. */
    isSettled: () => boolean;
    /** For judges: told what counts. */
    answers: Pick<Answers, 'era' | 'keep' | 'judged'>;
    /** What namespaces cost: told what counts. */
    costs: Pick<Costs, 'add'>;
    /** How it goes over time: told what counts. */
    course?: Pick<CourseKeeper, 'add'> | undefined;
  }) {
    this.#store = options.store;
    this.#ledger = options.ledger;
    this.#catalog = options.catalog;
    this.#clock = options.clock;
    this.#logger = options.logger;
    this.#instruments = options.instruments;
    this.#onCommitted = options.onCommitted;
    this.#isSettled = options.isSettled;
    this.#answers = options.answers;
    this.#costs = options.costs;
    this.#course = options.course;
  }

  /**
   * Resolves when the results are durable and counted, or known to be refused (`lost`). Rejects with `unavailable` when
   * neither can be said within the budget of tries: the agent keeps them and sends them again.
   */
  async commit(report: HeldReport): Promise<Committed> {
    const attributes = {
      [attributeNames.evaluationId]: report.evaluationId,
      [attributeNames.taskId]: report.taskId,
      [attributeNames.attemptId]: report.attemptId,
      [attributeNames.agentId]: report.agentId,
    };
    return withSpan(
      spanNames.commit,
      { parent: report.traceparent, attributes },
      () =>
        new Promise((resolve, reject) => {
          const bytes = report.results.reduce((sum, r) => sum + r.content.length, 0);
          const waiting = this.#waiting.get(report.evaluationId) ?? [];
          waiting.push({ report, bytes, resolve, reject });
          this.#waiting.set(report.evaluationId, waiting);
          if (!this.#running.has(report.evaluationId)) {
            this.#running.set(report.evaluationId, this.#run(report.evaluationId));
          }
        }),
    );
  }

  /** Waits for commits that are under way, and drops what waits to be told. */
  async stop(): Promise<void> {
    await Promise.all(this.#running.values());
    this.#stopping.abort();
  }

  async #run(evaluationId: string): Promise<void> {
    await Promise.resolve(); // what arrives in this tick goes together
    for (let batch = this.#take(evaluationId); batch.length > 0; batch = this.#take(evaluationId)) {
      const started = this.#clock.monotonic();
      try {
        await this.#commit(evaluationId, batch);
      } catch (error) {
        const problem = AppError.from(error);
        this.#logger.error(
          { evaluationId, error: problem.message, reports: batch.length },
          'results could not be committed; their agents keep them',
        );
        for (const w of batch) w.reject(problem);
      }
      this.#instruments.commitSeconds.record((this.#clock.monotonic() - started) / 1000);
    }
    this.#running.delete(evaluationId); // in the same tick in which nothing more was waiting
  }

  #take(evaluationId: string): Waiting[] {
    const waiting = this.#waiting.get(evaluationId) ?? [];
    let results = 0;
    let bytes = 0;
    let n = 0;
    while (n < waiting.length && (n === 0 || (results < BATCH_RESULTS && bytes < BATCH_BYTES))) {
      results += waiting[n]!.report.results.length;
      bytes += waiting[n]!.bytes;
      n++;
    }
    const batch = waiting.splice(0, n);
    if (waiting.length === 0) this.#waiting.delete(evaluationId);
    return batch;
  }

  async #commit(evaluationId: string, batch: Waiting[]): Promise<void> {
    const known = await this.#catalog.find(evaluationId);
    if (!known) throw new AppError('not_found', `the store holds no ${evaluationId}`);
    const era = await this.#answers.era(known.manifest);
    const checked = batch.map((w) => w.report.results.map((r) => countable(known.manifest, r, this.#logger)));
    const frames = batch.map((w, i): ResultFrame => ({
      taskId: w.report.taskId,
      attemptId: w.report.attemptId,
      agentId: w.report.agentId,
      grant: w.report.grant,
      results: checked[i]!.map((c) => ({ unit: c.counted.unit, content: c.content })),
    }));
    await this.#withTries('store', () => this.#store.appendResults(evaluationId, frames));
    const reports = batch.map((w, i) => ({
      sequence: w.report.sequence,
      attemptId: w.report.attemptId,
      agentId: w.report.agentId,
      units: checked[i]!.map((c) => c.counted),
      totalMs: checked[i]!.reduce((sum, c) => sum + c.totalMs, 0),
    }));
    const answer = await this.#withTries('ledger', async () => {
      // Redis may have come back as it was before the end: counted there, its events would be told once more.
      await this.#catalog.dropIfOver(evaluationId);
      const told = await this.#ledger.commit(evaluationId, reports);
      // A ledger that has lost something refuses what it has forgotten; after its recovery it knows better.
      const unsure = !this.#isSettled() || told.state === undefined || told.state === 'recovering';
      if (unsure && told.verdicts.some((v) => v.refused.length > 0)) throw new AppError('unavailable', 'the ledger waits to be recovered');
      return told;
    });
    await this.#voidRefused(evaluationId, batch, answer);
    this.#count(known.manifest, countedOf(checked, answer));
    if (era !== undefined) this.#tellJudges(known.manifest, countedOf(checked, answer), era);
    for (const [i, w] of batch.entries()) {
      const verdict = answer.verdicts[i]!;
      const counting = verdict.refused.length > 0 ? [] : checked[i]!;
      w.resolve({
        attemptId: w.report.attemptId,
        units: w.report.results.map((r) => r.unit),
        lost: verdict.refused.length > 0,
        taskOver: verdict.taskOver,
        counted: counting.length,
        errored: counting.filter((c) => c.outcome === 'errored').length,
        refused: refusedOf(checked[i]!),
      });
    }
    if (answer.progressDue) this.#tellLater(evaluationId);
    this.#onCommitted(evaluationId, answer.state);
  }

  /** Results that the ledger did not count must never win a recovery. */
  async #voidRefused(evaluationId: string, batch: Waiting[], answer: CommitAnswer): Promise<void> {
    const voids = batch.flatMap((w, i): VoidFrame[] => {
      const { refused, late } = answer.verdicts[i]!;
      const units = [...refused, ...late];
      return units.length === 0 ? [] : [{ attemptId: w.report.attemptId, units, generation: answer.generation }];
    });
    if (voids.length > 0) await this.#withTries('store', () => this.#store.appendVoids(evaluationId, voids));
  }

  #count(manifest: Manifest, all: readonly CheckedResult[]): void {
    const { namespace, groups } = manifest;
    this.#course?.add(manifest, all);
    for (const [outcome, own] of Map.groupBy(all, (c) => c.outcome)) this.#instruments.unitsTotal.add(own.length, { outcome });
    this.#costs.add(
      namespace,
      groups,
      all.map(({ counted: { unit }, usage }) => ({ unit, usage })),
    );
  }

  /** Answers are kept until all their judges have said something. */
  #tellJudges({ groups }: Manifest, counted: readonly CheckedResult[], era: number): void {
    const calls = new Map<number, number>();
    for (const { judge } of groups) if (judge) calls.set(judge.of, (calls.get(judge.of) ?? 0) + 1);
    for (const { counted: own, completion } of counted) {
      const group = groups[own.group]!;
      if (group.judge) this.#answers.judged(era, judgedUnitOf(groups, group, own.unit));
      else if (calls.has(group.index)) this.#answers.keep(era, own.unit, completion, calls.get(group.index)!);
    }
  }

  /** The script leaves progress untold when the last event is too fresh; it is told a moment later. */
  #tellLater(evaluationId: string): void {
    if (this.#telling.has(evaluationId)) return;
    this.#telling.add(evaluationId);
    void this.#clock
      .sleep(TELL_MS, this.#stopping.signal)
      .then(() => {
        this.#telling.delete(evaluationId);
        return this.#catalog.find(evaluationId);
      })
      .then((known) => known && this.#ledger.control(known.manifest, { action: 'tell' }))
      .then((told) => told && !told.done && this.#tellLater(evaluationId))
      .catch(() => undefined); // the next commit tells
  }

  async #withTries<T>(what: string, work: () => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries++) {
      try {
        return await work();
      } catch (error) {
        const problem = AppError.from(error);
        if (problem.code !== 'unavailable' || tries >= TRIES) throw problem;
        this.#logger.warn({ what, tries, error: problem.message }, 'commit tries again');
        await this.#clock.sleep(FIRST_WAIT_MS * 2 ** (tries - 1));
      }
    }
  }
}

/** Without those that were refused, or closed before by a command. */
const countedOf = (checked: readonly CheckedResult[][], { verdicts }: CommitAnswer): CheckedResult[] =>
  checked.flatMap((results, i) => {
    const { refused, late } = verdicts[i]!;
    if (refused.length > 0) return [];
    return late.length === 0 ? results : results.filter((c) => !late.includes(c.counted.unit));
  });
