/** Runs the samples of attempts: calls, scores, and brings each result into the spool and to the outbox. */
import type { UnitResult } from '../../shared/domain/result.ts';
import { Breather } from '../../shared/runtime/breather.ts';
import { attributeNames, eventNames } from '../../shared/telemetry/tracing.ts';
import type { ModelError } from '../models/provider.ts';
import { isRetried } from '../models/retry.ts';
import type { Attempt } from './attempt.ts';
import { answerCache } from './cached-answer.ts';
import { CallTrouble } from './call-trouble.ts';
import type { Connection, ModelPool } from './model-pool.ts';
import { OneAtATime } from './one-at-a-time.ts';
import type { Outbox } from './outbox.ts';
import { isRefusal } from './refusal.ts';
import { contentOf } from './result-content.ts';
import { errorWords, retryWords, unscoredWords } from './line-words.ts';
import { runSample, type SampleEnd } from './run-sample.ts';
import type { SampleJob } from './sample-job.ts';
import { tracedProvider } from './traced-provider.ts';
import type { WorkOptions } from './work-types.ts';

export interface SampleRunnerOptions extends Pick<
  WorkOptions,
  'models' | 'spool' | 'cache' | 'life' | 'lines' | 'clock' | 'random' | 'logger' | 'instruments'
> {
  /** One per entry of the models. */
  pools: readonly ModelPool[];
  outbox: Outbox;
  /** The endpoint takes no call of the attempt's entry. */
  onRefused: (attempt: Attempt, error: ModelError) => void;
  /** A sample ended without a result. */
  onEnded: (attempt: Attempt) => void;
}

export class SampleRunner {
  readonly #options: SampleRunnerOptions;
  readonly #breather: Breather;
  readonly #suspects = new OneAtATime();
  /** One per entry of the models. */
  readonly #troubles: readonly CallTrouble[];

  constructor(options: SampleRunnerOptions) {
    this.#options = options;
    this.#breather = new Breather({ clock: options.clock });
    this.#troubles = options.models.map(() => new CallTrouble());
  }

  /** Runs one sample of an attempt to its end. Rejects for a fault of the agent itself. */
  async run(attempt: Attempt, job: SampleJob, first: Connection): Promise<void> {
    const signal = attempt.started(job.unit);
    let end: SampleEnd | undefined;
    try {
      end = await (job.isSuspect ? this.#inTurn(attempt, job, first, signal) : this.#noted(attempt, job, first, signal));
      if (end.kind === 'result') await this.#report(attempt, job, end.result);
    } catch (error) {
      // Interrupted is not failed: the unit goes back with its attempt, or the attempt is others'.
      if (!signal.aborted) {
        attempt.giveBack('lost', 'the agent failed inside');
        throw error;
      }
    } finally {
      if (end?.kind !== 'result') {
        attempt.stopped(job.unit);
        this.#options.onEnded(attempt);
      }
    }
  }

  /**
   * Suspects run one at a time. One that waits holds no connection: the one whose turn it is may need it for a retry, and neither would go on.
   */
  #inTurn(attempt: Attempt, job: SampleJob, first: Connection, signal: AbortSignal): Promise<SampleEnd> {
    first.release();
    return this.#suspects.run(signal, () => this.#noted(attempt, job, undefined, signal));
  }

  /** Written down while it runs: if the agent dies, this was why, or was near it. */
  async #noted(attempt: Attempt, job: SampleJob, first: Connection | undefined, signal: AbortSignal): Promise<SampleEnd> {
    const { life } = this.#options;
    life?.started(attempt.ref.attemptId, job.unit, attempt.ref.taskId);
    try {
      return await this.#execute(attempt, job, first, signal);
    } finally {
      life?.ended(attempt.ref.attemptId, job.unit);
    }
  }

  #execute(attempt: Attempt, job: SampleJob, first: Connection | undefined, signal: AbortSignal): Promise<SampleEnd> {
    const { models, cache, clock, random, instruments, lines } = this.#options;
    const { entry, provider } = models[attempt.modelIndex]!;
    const { solver, task } = job.context;
    const { model } = task.model;
    let connection = first;
    let lastFailure = '';
    return runSample(job, {
      provider: tracedProvider({
        provider: solver.over(provider),
        operation: solver.operation,
        entry,
        model,
        parent: attempt.ref.traceparent,
        clock,
        instruments,
        // Known before the connection is free, so that no further sample runs into the same refusal.
        onFailure: (error) => {
          const pool = this.#options.pools[attempt.modelIndex]!;
          if (error.errorClass === 'rate_limit') pool.limited(error.retryAfterMs);
          if (isRefusal(entry, error.errorClass)) return this.#options.onRefused(attempt, error);
          if (signal.aborted) return;
          lastFailure = error.message;
          pool.proved();
          this.#failed(attempt.modelIndex, error);
        },
      }),
      clock,
      random,
      signal,
      cache: answerCache({
        ...{ store: cache, policy: task.cache, entry, benchmark: task.benchmark, solver },
        onLookup: (outcome) => {
          instruments.cacheLookupsTotal.add(1, { model, outcome });
          if (outcome !== 'hit') return;
          attempt.event(eventNames.cacheHit, { [attributeNames.unit]: job.unit });
          connection?.release();
          connection = undefined;
        },
      }),
      inTurn: (piece) => this.#breather.run(piece),
      acquire: async (limit) => {
        // A sample starts with a connection; only its retries queue for one.
        const granted = connection ?? (await this.#options.pools[attempt.modelIndex]!.acquire(limit));
        connection = undefined;
        return () => granted.release();
      },
      onRetry: (errorClass, waitMs) => {
        instruments.modelRetriesTotal.add(1, { model, class: errorClass });
        lines?.say(attempt.ref.attemptId, 'warn', retryWords(errorClass, waitMs, lastFailure), job.unit);
        attempt.event(eventNames.retry, { [attributeNames.errorType]: errorClass, [attributeNames.waitMs]: Math.round(waitMs) });
      },
      isRefusal: (errorClass) => isRefusal(entry, errorClass),
      traceparent: attempt.ref.traceparent,
    });
  }

  #failed(modelIndex: number, { errorClass, message }: ModelError): void {
    const { models, clock, logger } = this.#options;
    const failures = isRetried(errorClass) ? this.#troubles[modelIndex]!.failed(clock.monotonic()) : undefined;
    if (failures === undefined) return;
    const { match } = models[modelIndex]!.entry;
    logger.error(
      { class: errorClass },
      `calls of ${match} fail, ${failures} in a row so far, and are repeated (${errorClass}): ${message}`,
    );
  }

  async #report(attempt: Attempt, job: SampleJob, result: UnitResult): Promise<void> {
    const pool = this.#options.pools[attempt.modelIndex]!;
    // A kept completion says nothing of the endpoint as it is now.
    if (result.completion !== undefined && !result.provenance?.cached) {
      pool.proved();
      if (this.#troubles[attempt.modelIndex]!.succeeded())
        this.#options.logger.info(`calls of ${this.#options.models[attempt.modelIndex]!.entry.match} succeed again`);
      if (result.retries === 0 && result.calls > 0) pool.answered();
    }
    const { model } = job.context.task.model;
    if (result.outcome === 'errored') this.#options.lines?.say(attempt.ref.attemptId, 'error', errorWords(result), job.unit);
    if (result.outcome === 'unscored') this.#options.lines?.say(attempt.ref.attemptId, 'warn', unscoredWords(result), job.unit);
    this.#options.instruments.sampleSeconds.record(result.timing.totalMs / 1000, { model, outcome: result.outcome });
    const content = contentOf(result);
    attempt.reported(job.unit);
    if (attempt.isOver) return;
    void this.#keep(attempt, job.unit, content);
    // The sample holds its place until memory has room: a disk that takes nothing stops the agent instead of filling it.
    await this.#options.spool.room(content.length);
  }

  async #keep(attempt: Attempt, unit: number, content: Buffer): Promise<void> {
    try {
      if (await this.#options.spool.append(attempt.ref, unit, content)) this.#options.outbox.add(attempt.ref, unit, content);
    } catch (error) {
      // The process is ending: the lease runs out and the unit is run again.
      this.#options.logger.warn({ attemptId: attempt.ref.attemptId, unit, err: error }, 'a result was not written to the spool');
    }
  }
}
