/**
 * The agent's work: the attempts that it holds, one pool per model entry, and the way of results through the spool to the
 * outbox. It knows no stream: the session tells it what the coordinator said, and asks it what to tell.
 */
import { AppError } from '../../shared/domain/errors.ts';
import { matchesPattern } from '../../shared/domain/routing.ts';
import type { Assignment, AttemptAck, HandBackReason } from '../../shared/rpc/messages.ts';
import { attributeNames, eventNames, spanNames, SpanKind, startSpan, traceparentOf } from '../../shared/telemetry/tracing.ts';
import type { ModelError } from '../models/provider.ts';
import { SpendCapError } from '../spend/capped-provider.ts';
import type { AttemptRef } from '../spool/record.ts';
import { Attempt } from './attempt.ts';
import { ContextCache, type Context } from './context-cache.ts';
import { ModelPool, type BlockReason, type SuspendReason, type WaitingSample } from './model-pool.ts';
import { endWords, takenWords } from './line-words.ts';
import { Outbox } from './outbox.ts';
import { handBackReasonOf, REMEDY } from './refusal.ts';
import type { SampleJob } from './sample-job.ts';
import { SampleRunner } from './sample-runner.ts';
import type { ReturnedAttempt, SparedUnits, WorkOptions } from './work-types.ts';

export type { Model, ReturnedAttempt, WorkOptions } from './work-types.ts';

export class Work {
  readonly outbox: Outbox;
  readonly #options: WorkOptions;
  readonly #pools: ModelPool[];
  readonly #contexts: ContextCache;
  readonly #attempts = new Map<string, Attempt>();
  readonly #runner: SampleRunner;
  #draining = false;

  constructor(options: WorkOptions) {
    this.#options = options;
    const { clock, onChange, logger, spool, firstProbeMs, tools } = options;
    this.#contexts = new ContextCache(tools, options.checkTask);
    this.#pools = options.models.map(({ entry }) => {
      const onError = (error: unknown): void => logger.error({ err: error }, 'a sample failed inside the agent');
      const probe = firstProbeMs === undefined ? {} : { firstProbeMs };
      const { maxConnections, lookAhead, adaptive } = entry;
      return new ModelPool({ maxConnections, lookAhead, clock, onChange, onError, ...probe, ...(adaptive ? { adaptive } : {}) });
    });
    this.outbox = new Outbox({
      spool,
      clock,
      isHeld: (attemptId) => this.#attempts.has(attemptId),
      onUnreadable: (attemptId, unit) => this.#unreadable(attemptId, unit),
    });
    this.#runner = new SampleRunner({
      ...options,
      pools: this.#pools,
      outbox: this.outbox,
      onRefused: (attempt, error) => this.#refused(attempt, error),
      onEnded: (attempt) => this.#settled(attempt),
    });
    for (const { ref, unit } of spool.pending()) this.#recall(ref, unit);
  }

  /** Attempts to name in Hello and in heartbeats. */
  heldAttempts(): string[] {
    return [...this.#attempts.keys()];
  }

  /** Per entry: samples that wait or run, calls at the same time that it makes at most now, and why it is suspended. */
  entries(): { match: string; samples: number; limit: number; maxConnections: number; refusal: SuspendReason | undefined }[] {
    return this.#pools.map(({ waiting, running, limit, refusal }, i) => {
      const { match, maxConnections } = this.#options.models[i]!.entry;
      return { match, samples: waiting + running, limit, maxConnections, refusal };
    });
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

  /** Calls at the same time per entry, now; undefined where all stand as they were announced. */
  limits(): number[] | undefined {
    const isAdaptive = this.#options.models.some(({ entry }) => entry.adaptive !== undefined);
    return isAdaptive ? this.#pools.map((pool) => pool.limit) : undefined;
  }

  /** Per entry why it takes no work, or undefined. */
  suspensions(): (SuspendReason | BlockReason | undefined)[] {
    return this.#pools.map((pool) => pool.suspension);
  }

  /** Milliseconds until an entry that takes none is tried again by itself; undefined: it takes some, or waits for something else. */
  retryMs(modelIndex: number): number | undefined {
    return this.#pools[modelIndex]?.retryMs;
  }

  /** A stream is open: credit counts anew, and all that the spool holds is sent. */
  onStream(): void {
    for (const pool of this.#pools) pool.resetCredit();
    this.outbox.open();
  }

  /** Takes an attempt, or says why not. A repeated assignment of a held attempt changes nothing. */
  assign(assignment: Assignment): ReturnedAttempt | undefined {
    const { attemptId, modelIndex, samples } = assignment;
    const pool = this.#pools[modelIndex];
    pool?.receive(samples.length);
    const decline = (reason: HandBackReason, detail: string): ReturnedAttempt => ({ ...namesOf(assignment), reason, detail });
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
    const forbidden = this.#options.forbids?.(context.task, model.entry);
    if (forbidden !== undefined) return decline('declined', forbidden);
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

  /**
   * Every lease may have run out: what runs is aborted, what waits is dropped. Results that are there already are still offered, for the
   * ledger knows whose the units are.
   */
  fence(why: string): void {
    const reason = new AppError('cancelled', why);
    for (const attempt of this.#attempts.values()) {
      attempt.event(eventNames.leaseLost);
      this.#unqueue(attempt, attempt.giveBack('drain', why));
      attempt.abort(reason);
    }
    this.#options.onChange();
  }

  /** Others idle: lets go of up to so many samples of an attempt that wait. Undefined for an attempt that is not held. */
  spare(attemptId: string, samples: number): SparedUnits | undefined {
    const attempt = this.#attempts.get(attemptId);
    if (!attempt) return undefined;
    this.#unqueue(attempt, attempt.spare(samples));
    return { ...namesOf(attempt.ref), units: attempt.spared };
  }

  /** What was let go of and not acknowledged: it is told again. */
  unacknowledgedSpares(): SparedUnits[] {
    return [...this.#attempts.values()].filter(({ spared }) => spared.length > 0).map((a) => ({ ...namesOf(a.ref), units: a.spared }));
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
      returned.push({ ...namesOf(ref), reason: state.reason, detail: state.detail });
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
    this.#options.lines?.say(attemptId, 'info', takenWords(assignment, context));
    const ref = { ...namesOf(assignment), traceparent: traceparentOf(span) || traceparent };
    const attempt = new Attempt(ref, modelIndex, (name, attributes) => span.addEvent(name, attributes));
    void attempt.over.then((state) => {
      span.setAttribute(attributeNames.outcome, state.kind).end();
      this.#options.lines?.say(attemptId, ...endWords(state));
    });
    this.#attempts.set(attemptId, attempt);
    const samples = new Map<number, WaitingSample>();
    let line: Buffer = Buffer.alloc(0);
    for (const sample of assignment.samples) {
      // An empty line is the one before it: the epochs of a sample share it.
      if (sample.line.length > 0) line = sample.line;
      const job: SampleJob = {
        unit: sample.unit,
        epoch: sample.epoch,
        ordinal: sample.ordinal,
        line,
        context,
        isSuspect: assignment.suspect ?? false,
      };
      samples.set(job.unit, { start: (connection) => this.#runner.run(attempt, job, connection) });
    }
    for (const [unit, sample] of samples) attempt.addWaiting(unit, sample);
    this.#settled(samples.size === 0 ? attempt : undefined);
    this.#pools[modelIndex]!.enqueue(samples.values());
  }

  /** The endpoint takes no call of this entry: all of its units that have not started, and this one, go back unspent. */
  #refused(attempt: Attempt, error: ModelError): void {
    const { entry } = this.#options.models[attempt.modelIndex]!;
    const { httpStatus } = error;
    const isOwn = error instanceof SpendCapError;
    const reason = isOwn ? 'spend_cap' : (error.errorClass as SuspendReason);
    const answer = httpStatus === undefined ? reason : `${reason} (HTTP ${httpStatus})`;
    const detail = isOwn
      ? `the agent's own cap for the key of ${entry.match}: ${error.message}`
      : `the endpoint of ${entry.match} answers ${answer}`;
    if (isOwn && !error.refusal.forAll) {
      this.#options.logger.warn(
        { model: entry.match, reason, attemptId: attempt.ref.attemptId },
        `${detail}: it goes back, and others go on`,
      );
      return this.#unqueue(attempt, attempt.giveBack('declined', detail));
    }
    const probeMs = this.#pools[attempt.modelIndex]!.suspend(reason, isOwn ? error.refusal.waitMs : undefined);
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
    // No crash: the coordinator sees that this life of the agent is the one that was given the task.
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

/** Whose attempt it is, and what proves that. */
const namesOf = ({ attemptId, evaluationId, taskId, lease }: Omit<SparedUnits, 'units'>): Omit<SparedUnits, 'units'> => ({
  ...{ attemptId, evaluationId, taskId },
  ...(lease ? { lease } : {}),
});
