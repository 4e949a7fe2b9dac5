/**
 * The agent's work: the attempts that it holds, one pool per model entry, and the way of results through the spool to the
 * outbox. It knows no stream: the session tells it what the coordinator said, and asks it what to tell.
 */
import { AppError } from '../../shared/domain/errors.ts';
import type { UnitResult } from '../../shared/domain/result.ts';
import { matchesPattern } from '../../shared/domain/routing.ts';
import { Breather } from '../../shared/runtime/breather.ts';
import type { Assignment, AttemptAck, HandBackReason } from '../../shared/rpc/messages.ts';
import { attributeNames, eventNames, spanNames, SpanKind, startSpan, traceparentOf } from '../../shared/telemetry/tracing.ts';
import type { ModelError } from '../models/provider.ts';
import type { AttemptRef } from '../spool/record.ts';
import { Attempt } from './attempt.ts';
import { ContextCache, type Context } from './context-cache.ts';
import { ModelPool, type BlockReason, type Connection, type SuspendReason, type WaitingSample } from './model-pool.ts';
import { Outbox } from './outbox.ts';
import { handBackReasonOf, isRefusal, REMEDY } from './refusal.ts';
import { contentOf } from './result-content.ts';
import { runSample, type SampleEnd } from './run-sample.ts';
import type { SampleJob } from './sample-job.ts';
import { tracedProvider } from './traced-provider.ts';
import type { ReturnedAttempt, WorkOptions } from './work-types.ts';

export type { Model, ReturnedAttempt, WorkOptions } from './work-types.ts';

export class Work {
  readonly outbox: Outbox;
  readonly #options: WorkOptions;
  readonly #pools: ModelPool[];
  readonly #contexts: ContextCache;
  readonly #attempts = new Map<string, Attempt>();
  readonly #breather: Breather;
  #draining = false;

  constructor(options: WorkOptions) {
    this.#options = options;
    const { clock, onChange, logger, spool, firstProbeMs, tools } = options;
    this.#breather = new Breather({ clock });
    this.#contexts = new ContextCache(tools);
    this.#pools = options.models.map(({ entry }) => {
      const onError = (error: unknown): void => logger.error({ err: error }, 'a sample failed inside the agent');
      const probe = firstProbeMs === undefined ? {} : { firstProbeMs };
      return new ModelPool({ maxConnections: entry.maxConnections, lookAhead: entry.lookAhead, clock, onChange, onError, ...probe });
    });
    this.outbox = new Outbox({
      spool,
      clock,
      isHeld: (attemptId) => this.#attempts.has(attemptId),
      onUnreadable: (attemptId, unit) => this.#unreadable(attemptId, unit),
    });
    for (const { ref, unit } of spool.pending()) this.#recall(ref, unit);
  }

  /** Attempts to name in Hello and in heartbeats. */
  heldAttempts(): string[] {
    return [...this.#attempts.keys()];
  }

  /** Samples per entry that wait or run. */
  inFlight(): { match: string; samples: number }[] {
    return this.#pools.map((pool, i) => ({ match: this.#options.models[i]!.entry.match, samples: pool.waiting + pool.running }));
  }

  /** Results that the coordinator has not acknowledged. */
  get unacknowledged(): number {
    return this.#options.spool.usage().records;
  }

  get running(): number {
    return this.#pools.reduce((sum, pool) => sum + pool.running, 0);
  }

  credit(): number[] {
    return this.#pools.map((pool) => pool.samplesTotal);
  }

  /** Per entry why it takes no work, or undefined. */
  suspensions(): (SuspendReason | BlockReason | undefined)[] {
    return this.#pools.map((pool) => pool.suspension);
  }

  /** A stream is open: credit counts anew, and all that the spool holds is sent. */
  onStream(): void {
    for (const pool of this.#pools) pool.resetCredit();
    this.outbox.open();
  }

  /** Takes an attempt, or says why not. A repeated assignment of a held attempt changes nothing. */
  assign(assignment: Assignment): ReturnedAttempt | undefined {
    const { attemptId, evaluationId, taskId, modelIndex, samples } = assignment;
    const pool = this.#pools[modelIndex];
    pool?.receive(samples.length);
    const decline = (reason: HandBackReason, detail: string): ReturnedAttempt => ({ attemptId, evaluationId, taskId, reason, detail });
    let context: Context;
    try {
      // Also for an attempt that is not taken: the coordinator relies on the context being known from now on.
      context = this.#contexts.get(assignment.contextDigest, assignment.contextJson);
    } catch (error) {
      return decline('declined', AppError.from(error).message);
    }
    if (this.#attempts.has(attemptId)) return undefined;
    const model = this.#options.models[modelIndex];
    if (!pool || !model || !matchesPattern(model.entry.match, context.task.model.model)) {
      return decline('declined', `entry ${modelIndex} of this agent's models does not serve ${context.task.model.model}`);
    }
    if (samples[0]?.line.length === 0) return decline('declined', 'its first sample has no line');
    const suspension = pool.suspension;
    if (suspension !== undefined) return decline(handBackReasonOf(suspension), `${model.entry.match} takes no work now: ${suspension}`);
    this.#accept(assignment, context);
    return undefined;
  }

  /** These attempts belong to others or are over: abort and forget them. */
  lose(attemptIds: readonly string[], why: string): void {
    for (const attemptId of attemptIds) {
      const attempt = this.#attempts.get(attemptId);
      this.#options.spool.forget(attemptId);
      if (!attempt) continue;
      this.#attempts.delete(attemptId);
      attempt.event(eventNames.leaseLost);
      this.#unqueue(attempt, attempt.lose(new AppError('cancelled', why)));
      this.#options.logger.info({ attemptId, taskId: attempt.ref.taskId, evaluationId: attempt.ref.evaluationId, why }, 'attempt lost');
    }
    if (attemptIds.length > 0) this.#options.onChange();
  }

  acknowledge(acks: readonly AttemptAck[]): void {
    for (const { attemptId, units, lost } of acks) {
      if (lost) {
        this.lose([attemptId], 'the coordinator no longer takes its results');
        continue;
      }
      this.#options.spool.ack(attemptId, units);
      const attempt = this.#attempts.get(attemptId);
      attempt?.acknowledged(units);
      this.#settled(attempt);
    }
  }

  /** Attempts that are to be handed back now; from here on they are not held any more. */
  takeReturned(): ReturnedAttempt[] {
    const returned: ReturnedAttempt[] = [];
    for (const { ref, state } of this.#attempts.values()) {
      if (state.kind !== 'returned') continue;
      const { attemptId, evaluationId, taskId } = ref;
      returned.push({ attemptId, evaluationId, taskId, reason: state.reason, detail: state.detail });
    }
    for (const { attemptId } of returned) this.#attempts.delete(attemptId);
    return returned;
  }

  /** The disk takes no more results, or takes them again. */
  spoolFull(full: boolean, why: string): void {
    for (const pool of this.#pools) pool.block('spool_full', full);
    if (full) this.#giveBackWaiting('spool_full', why);
  }

  /** Takes and starts nothing more; what runs goes on to its end. */
  drain(): void {
    if (this.#draining) return;
    this.#draining = true;
    for (const pool of this.#pools) pool.block('draining', true);
    this.#giveBackWaiting('drain', 'the agent is going away');
    this.#options.onChange();
  }

  /** Aborts what runs; its units go back without a result. */
  abort(): void {
    this.drain();
    const reason = new AppError('cancelled', 'the agent was stopped');
    for (const attempt of this.#attempts.values()) {
      attempt.giveBack('drain', 'the agent was stopped');
      attempt.abort(reason);
    }
  }

  /** Frees the connections to the endpoints. */
  async close(): Promise<void> {
    for (const pool of this.#pools) pool.close();
    await Promise.allSettled(this.#options.models.map(({ provider }) => provider.close()));
  }

  /** After a crash: results are there, the samples that had none are not; they are handed back when the results are safe. */
  #recall(ref: AttemptRef, unit: number): void {
    let attempt = this.#attempts.get(ref.attemptId);
    if (!attempt) this.#attempts.set(ref.attemptId, (attempt = new Attempt(ref, -1)));
    attempt.spooled(unit);
    attempt.giveBack('lost', 'the agent was restarted and lost the samples that were running');
  }

  #accept(assignment: Assignment, context: Context): void {
    const { attemptId, evaluationId, taskId, modelIndex, traceparent } = assignment;
    const { evaluationId: evaluation, taskId: task, attemptId: attemptName, units, agentId } = attributeNames;
    const span = startSpan(spanNames.execute, {
      kind: SpanKind.CONSUMER,
      parent: traceparent,
      attributes: {
        [evaluation]: evaluationId,
        [task]: taskId,
        [attemptName]: attemptId,
        [units]: assignment.samples.length,
        [agentId]: this.#options.spool.agentId,
      },
    });
    const ref = { attemptId, evaluationId, taskId, traceparent: traceparentOf(span) || traceparent };
    const attempt = new Attempt(ref, modelIndex, (name, attributes) => span.addEvent(name, attributes));
    void attempt.over.then((state) => span.setAttribute(attributeNames.outcome, state.kind).end());
    this.#attempts.set(attemptId, attempt);
    const samples = new Map<number, WaitingSample>();
    let line: Buffer = Buffer.alloc(0);
    for (const sample of assignment.samples) {
      // An empty line is the one before it: the epochs of a sample share it.
      if (sample.line.length > 0) line = sample.line;
      const job: SampleJob = { unit: sample.unit, epoch: sample.epoch, ordinal: sample.ordinal, line, context };
      samples.set(job.unit, { start: (connection) => this.#run(attempt, job, connection) });
    }
    for (const [unit, sample] of samples) attempt.addWaiting(unit, sample);
    this.#settled(samples.size === 0 ? attempt : undefined);
    this.#pools[modelIndex]!.enqueue(samples.values());
  }

  async #run(attempt: Attempt, job: SampleJob, first: Connection): Promise<void> {
    const signal = attempt.started(job.unit);
    let end: SampleEnd | undefined;
    try {
      end = await this.#execute(attempt, job, first, signal);
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
        this.#settled(attempt);
      }
    }
  }

  #execute(attempt: Attempt, job: SampleJob, first: Connection, signal: AbortSignal): Promise<SampleEnd> {
    const { models, clock, random, instruments } = this.#options;
    const { entry, provider } = models[attempt.modelIndex]!;
    const { solver, task } = job.context;
    const { model } = task.model;
    let connection: Connection | undefined = first;
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
          if (isRefusal(entry, error.errorClass)) this.#refused(attempt, error);
          else if (!signal.aborted) this.#pools[attempt.modelIndex]!.proved();
        },
      }),
      clock,
      random,
      signal,
      inTurn: (piece) => this.#breather.run(piece),
      acquire: async (limit) => {
        // A sample starts with a connection; only its retries queue for one.
        const granted = connection ?? (await this.#pools[attempt.modelIndex]!.acquire(limit));
        connection = undefined;
        return () => granted.release();
      },
      onRetry: (errorClass, waitMs) => {
        instruments.modelRetriesTotal.add(1, { model, class: errorClass });
        attempt.event(eventNames.retry, { [attributeNames.errorType]: errorClass, [attributeNames.waitMs]: Math.round(waitMs) });
      },
      isRefusal: (errorClass) => isRefusal(entry, errorClass),
      traceparent: attempt.ref.traceparent,
    });
  }

  async #report(attempt: Attempt, job: SampleJob, result: UnitResult): Promise<void> {
    if (result.completion !== undefined) this.#pools[attempt.modelIndex]!.proved();
    const { model } = job.context.task.model;
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
      if (await this.#options.spool.append(attempt.ref, unit, content)) this.outbox.add(attempt.ref, unit, content);
    } catch (error) {
      // The process is ending: the lease runs out and the unit is run again.
      this.#options.logger.warn({ attemptId: attempt.ref.attemptId, unit, err: error }, 'a result was not written to the spool');
    }
  }

  /** The endpoint takes no call of this entry: all of its units that have not started, and this one, go back unspent. */
  #refused(attempt: Attempt, { errorClass, httpStatus }: ModelError): void {
    const { entry } = this.#options.models[attempt.modelIndex]!;
    const reason = errorClass as SuspendReason;
    const answer = httpStatus === undefined ? reason : `${reason} (HTTP ${httpStatus})`;
    const detail = `the endpoint of ${entry.match} answers ${answer}`;
    const probeMs = this.#pools[attempt.modelIndex]!.suspend(reason);
    if (probeMs !== undefined) {
      const seconds = Math.round(probeMs / 1000);
      this.#options.logger.error(
        { model: entry.match, reason, httpStatus },
        `${detail}: no samples are taken for it, tried again in ${seconds} s. ${REMEDY[reason]}`,
      );
    }
    this.#unqueue(attempt, attempt.giveBack(handBackReasonOf(reason), detail));
    this.#giveBackWaiting(handBackReasonOf(reason), detail, attempt.modelIndex);
  }

  /** Hands back every attempt (of one entry, or of all) that has samples which have not started. */
  #giveBackWaiting(reason: HandBackReason, detail: string, modelIndex?: number): void {
    for (const attempt of this.#attempts.values()) {
      if (modelIndex !== undefined && attempt.modelIndex !== modelIndex) continue;
      if (!attempt.waiting.next().done) this.#unqueue(attempt, attempt.giveBack(reason, detail));
    }
  }

  #unqueue(attempt: Attempt, samples: readonly WaitingSample[]): void {
    for (const sample of samples) this.#pools[attempt.modelIndex]?.remove(sample);
  }

  #unreadable(attemptId: string, unit: number): void {
    const attempt = this.#attempts.get(attemptId);
    this.#options.logger.error({ attemptId, unit }, 'a result cannot be read back from the spool; its unit is run again');
    this.#options.spool.ack(attemptId, [unit]);
    if (!attempt) return;
    this.#unqueue(attempt, attempt.giveBack('lost', 'a result could not be read back from the spool'));
    attempt.acknowledged([unit]);
    this.#settled(attempt);
  }

  /** After anything that may have ended an attempt. Those that are to be handed back stay until `takeReturned`. */
  #settled(attempt: Attempt | undefined): void {
    if (!attempt?.isOver) return;
    if (attempt.state.kind === 'finished') this.#attempts.delete(attempt.ref.attemptId);
    this.#options.onChange();
  }
}
