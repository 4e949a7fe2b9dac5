/**
 * One open stream, from Welcome to its end: takes in what the coordinator says, tells it about credit, status and units
 * that go back, sends heartbeats and results. Ends by the peer, by silence, or when the agent closes it.
 */
import { AppError } from '../../shared/domain/errors.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import { raceSignal } from '../../shared/runtime/abort.ts';
import type { Duplex } from '../../shared/rpc/duplex.ts';
import type { AgentMessage, Assignment, CoordinatorMessage, Welcome } from '../../shared/rpc/messages.ts';
import type { Logger } from '../../shared/telemetry/logger.ts';
import { LinePace } from './line-pace.ts';
import type { LogBook } from '../logs/log-book.ts';
import type { ReturnedAttempt, Work } from '../work/work.ts';

export interface StreamOptions {
  duplex: Duplex<CoordinatorMessage, AgentMessage>;
  /** `duplex.messages` after Welcome. */
  messages: AsyncIterator<CoordinatorMessage>;
  welcome: Welcome;
  work: Work;
  logs?: LogBook | undefined;
  clock: Clock;
  logger: Logger;
  /** Called before anything is sent; it may end the stream. */
  beforeSend: () => void;
  /** Is told of each heartbeat that was sent, and of its answer. */
  beats: { sent: (sequence: number) => void; acknowledged: (sequence: number) => void };
}

/** Changes within this time are told together. */
const TELL_MS = 5;
/** For acknowledgements on their way, when the coordinator goes away. */
const LEAVE_MS = 2000;
/** For the peer to end its half. */
const END_MS = 1000;
/** A stream that has carried nothing for this share of a lease (two heartbeats, by default) is dead. */
const SILENT_SHARE = 2 / 3;
/** A coordinator that acknowledges nothing of what it was sent for this long (or for four leases) has forgotten it. */
const ACK_MS = 300_000;

export class Stream {
  readonly #options: StreamOptions;
  /** Aborts with the reason when the stream is over. */
  readonly #over = new AbortController();
  readonly #lines: LinePace | undefined;
  #toldSuspensions: (string | undefined)[];
  #toldCredit: number[] = [];
  #toldLimits: readonly number[] = [];
  #lastHeardAt: number;
  /** Since when results are under way without any acknowledgement. */
  #awaitingAckSince: number | undefined;
  #telling = false;

  constructor(options: StreamOptions) {
    this.#options = options;
    this.#toldSuspensions = options.work.suspensions().map(() => undefined);
    this.#lastHeardAt = options.clock.monotonic();
    const { logs, clock, welcome } = options;
    if (logs && welcome.logBytesPerSecond) this.#lines = new LinePace({ logs, clock, bytesPerSecond: welcome.logBytesPerSecond });
  }

  /** Returns when the stream was ended on purpose, by either side; throws when it broke. */
  async run(closing: AbortSignal): Promise<void> {
    const { duplex, work, welcome } = this.#options;
    work.lose(welcome.lostAttempts, 'the coordinator has given it to others, or it is over');
    work.onStream();
    this.#tell();
    const close = (): void => this.end();
    closing.addEventListener('abort', close, { once: true });
    const duties = [this.#receive(), this.#heartbeats(), this.#watch(), this.#report(), this.#sendLines()];
    try {
      if (closing.aborted) this.end();
      await Promise.all(duties.map((duty) => duty.catch((error: unknown) => this.#over.abort(error))));
      const reason: unknown = this.#over.signal.reason;
      if (reason !== ENDED) throw AppError.from(reason);
      // Closed on purpose: what was sent goes out first.
      this.#tell();
      const lines = this.#lines?.rest() ?? [];
      if (lines.length > 0) this.#send({ kind: 'lines', lines });
      duplex.end();
      await Promise.race([duplex.closed, this.#options.clock.sleep(END_MS)]);
      duplex.abort(ENDED);
    } finally {
      closing.removeEventListener('abort', close);
      work.outbox.close();
    }
  }

  /** Something may have changed that the coordinator should know. */
  wake(): void {
    if (this.#telling || this.#over.signal.aborted) return;
    this.#telling = true;
    void this.#options.clock.sleep(TELL_MS).then(() => {
      this.#telling = false;
      if (!this.#over.signal.aborted) this.#tell();
    });
  }

  /** Ends it on purpose, or as broken by an error. */
  end(error: AppError = ENDED): void {
    this.#over.abort(error);
  }

  async #receive(): Promise<void> {
    const { messages } = this.#options;
    for (;;) {
      const next = await raceSignal(messages.next(), this.#over.signal);
      if (next.done) return this.end();
      this.#lastHeardAt = this.#options.clock.monotonic();
      this.#handle(next.value);
    }
  }

  #handle(message: CoordinatorMessage): void {
    const { work, logger } = this.#options;
    switch (message.kind) {
      case 'assign':
        return this.#assign(message.assignments);
      case 'reportAck':
        work.acknowledge(message.acks);
        this.#awaitingAckSince = work.unacknowledged > 0 ? this.#lastHeardAt : undefined;
        return;
      case 'heartbeatAck':
        this.#options.beats.acknowledged(message.sequence);
        return work.lose(message.lostAttempts, 'its lease is no longer this agent’s');
      case 'revoke':
        return work.lose(message.attemptIds, message.reason);
      case 'spare': {
        const spared = work.spare(message.attemptId, message.samples);
        if (spared) this.#send({ kind: 'spared', ...spared });
        return;
      }
      case 'drain':
        logger.info({ reason: message.reason }, 'the coordinator goes away; connecting again');
        void this.#leave();
        return;
      case 'welcome':
      case 'challenge':
      case 'keyRotated':
        throw new AppError('unavailable', `the coordinator said ${message.kind} where it has no place`);
    }
  }

  #assign(assignments: readonly Assignment[]): void {
    const { work, logger } = this.#options;
    const accepted: string[] = [];
    for (const assignment of assignments) {
      const declined = work.assign(assignment);
      if (!declined) {
        accepted.push(assignment.attemptId);
        continue;
      }
      if (declined.reason === 'declined')
        logger.warn({ attemptId: declined.attemptId, taskId: declined.taskId, reason: declined.detail }, 'attempt declined');
      this.#handBack(declined);
    }
    if (accepted.length > 0) this.#send({ kind: 'accept', attemptIds: accepted });
    this.wake();
  }

  /** Status before credit, so that credit is never spent on an entry that takes no work. */
  #tell(): void {
    const { work } = this.#options;
    for (const [modelIndex, reason] of work.suspensions().entries()) {
      if (reason === this.#toldSuspensions[modelIndex]) continue;
      this.#toldSuspensions[modelIndex] = reason;
      const retryMs = work.retryMs(modelIndex);
      const retry = retryMs === undefined ? {} : { retryMs };
      this.#send({ kind: 'modelStatus', modelIndex, suspended: reason !== undefined, reason: reason ?? '', ...retry });
    }
    const credit = work.credit();
    const connections = work.limits();
    if (credit.some((total, i) => total !== this.#toldCredit[i]) || connections?.some((limit, i) => limit !== this.#toldLimits[i])) {
      this.#toldCredit = credit;
      this.#toldLimits = connections ?? [];
      this.#send({ kind: 'credit', samplesTotal: credit, ...(connections ? { connections } : {}) });
    }
    for (const returned of work.takeReturned()) this.#handBack(returned);
  }

  #handBack(returned: ReturnedAttempt): void {
    this.#send({ kind: 'handBack', ...returned });
  }

  async #heartbeats(): Promise<void> {
    const { work, clock, welcome } = this.#options;
    for (let sequence = 1; !this.#over.signal.aborted; sequence++) {
      this.#send({ kind: 'heartbeat', sequence, heldAttempts: work.heldAttempts() });
      this.#options.beats.sent(sequence);
      for (const spared of work.unacknowledgedSpares()) this.#send({ kind: 'spared', ...spared });
      await clock.sleep(welcome.heartbeatMs, this.#over.signal);
    }
  }

  /** Silence: this side leaves before a lease is over, so that a stream of which one half is dead neither costs a lease nor keeps a cancel away. */
  async #watch(): Promise<void> {
    const { clock, welcome } = this.#options;
    const ackMs = Math.max(ACK_MS, 4 * welcome.leaseMs);
    const silentMs = Math.ceil(welcome.leaseMs * SILENT_SHARE);
    for (;;) {
      const now = clock.monotonic();
      if (now - this.#lastHeardAt >= silentMs) throw new AppError('unavailable', `the coordinator was silent for ${silentMs} ms`);
      if (this.#awaitingAckSince !== undefined && now - this.#awaitingAckSince >= ackMs) {
        throw new AppError('unavailable', `the coordinator has acknowledged no result for ${ackMs} ms`);
      }
      await clock.sleep(this.#lastHeardAt + silentMs - now + 1, this.#over.signal);
    }
  }

  /** One report at a time: what the transport has not taken waits in the spool, not in memory. */
  async #report(): Promise<void> {
    const { work, duplex } = this.#options;
    for (;;) {
      const reports = await work.outbox.next(this.#over.signal);
      this.#options.beforeSend();
      this.#over.signal.throwIfAborted();
      this.#awaitingAckSince ??= this.#options.clock.monotonic();
      await raceSignal(duplex.send({ kind: 'report', reports }), this.#over.signal);
    }
  }

  /** The transport takes one message of lines at a time, so results never wait for more. */
  async #sendLines(): Promise<void> {
    const { signal } = this.#over;
    while (this.#lines) {
      const lines = await this.#lines.next(signal);
      this.#options.beforeSend();
      signal.throwIfAborted();
      await raceSignal(this.#options.duplex.send({ kind: 'lines', lines }), signal);
    }
  }

  /** The coordinator goes away: what was reported may still be acknowledged, then this side ends the stream. */
  async #leave(): Promise<void> {
    const { work, clock } = this.#options;
    const until = clock.monotonic() + LEAVE_MS;
    try {
      while (work.unacknowledged > 0 && clock.monotonic() < until) await clock.sleep(20, this.#over.signal);
    } catch {
      return;
    }
    this.end();
  }

  /** Small messages: their number is bounded by credit and by time. A failure shows where messages are read. */
  #send(message: AgentMessage): void {
    this.#options.beforeSend();
    if (this.#over.signal.aborted && this.#over.signal.reason !== ENDED) return;
    this.#options.duplex.send(message).catch(() => undefined);
  }
}

/** The stream was closed on purpose. */
const ENDED = new AppError('cancelled', 'the stream was closed');
