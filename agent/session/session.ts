/**
 * Keeps one stream to one of the coordinators, for as long as the agent lives. See `state.ts` for the states. A broken
 * stream never stops the work: it goes on, and the next stream, to any coordinator, carries its results.
 */
import { AppError } from '../../shared/domain/errors.ts';
import { backoffMs } from '../../shared/runtime/backoff.ts';
import { raceSignal, withDeadline } from '../../shared/runtime/abort.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import type { Service } from '../../shared/runtime/service.ts';
import type { Duplex } from '../../shared/rpc/duplex.ts';
import { STALE_HELLO, type AgentMessage, type CoordinatorMessage, type Hello, type Welcome } from '../../shared/rpc/messages.ts';
import type { Logger } from '../../shared/telemetry/logger.ts';
import type { LogBook } from '../logs/log-book.ts';
import type { Work } from '../work/work.ts';
import { Fence } from './fence.ts';
import { SleepWatch } from './sleep-watch.ts';
import { backingOff, closed, connecting, endKindOf, welcomed, type SessionState } from './state.ts';
import { Stream } from './stream.ts';

export type AgentDuplex = Duplex<CoordinatorMessage, AgentMessage>;

export interface SessionOptions {
  /** Tried in turn. */
  addresses: readonly string[];
  /** Opens a stream to an address; what it needs from files (the token) it reads each time. */
  dial: (address: string) => Promise<AgentDuplex>;
  /** What Hello says beside the held attempts. */
  hello: Omit<Hello, 'kind' | 'heldAttempts' | 'number'>;
  work: Work;
  /** Lines for people; absent: none are told. */
  logs?: LogBook;
  clock: Clock;
  /** Milliseconds since the host was booted, its suspensions included. */
  sinceBootMs: () => number;
  /** [0, 1) */
  random: () => number;
  logger: Logger;
  backoff?: { baseMs: number; maxMs: number };
}

const BACKOFF = { baseMs: 200, maxMs: 10_000 };
const WELCOME_MS = 10_000;
/** Looks for a sleep at least this often, and four times a lease. */
const LOOK_MS = 1000;
/** The same complaint is logged again after this time. */
const REPEAT_LOG_MS = 60_000;

const lookMs = (leaseMs: number): number => Math.min(LOOK_MS, leaseMs / 4);

export class Session implements Service {
  /** Resolves with the first Welcome. */
  readonly ready: Promise<void>;
  /** Resolves when the session is closed, with the coordinator's refusal if that was the cause. */
  readonly ended: Promise<AppError | undefined>;
  readonly #options: SessionOptions;
  readonly #closing = new AbortController();
  readonly #fence: Fence;
  #setReady!: () => void;
  #setEnded!: (refusal: AppError | undefined) => void;
  #state: SessionState = { kind: 'idle' };
  #stream: Stream | undefined;
  #loop: Promise<void> | undefined;
  #helloNumber = 0;
  #lastComplaint = { text: '', at: -Infinity };

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#fence = new Fence(new SleepWatch(options.clock, options.sinceBootMs), lookMs);
    this.ready = new Promise((resolve) => {
      this.#setReady = resolve;
    });
    this.ended = new Promise((resolve) => {
      this.#setEnded = resolve;
    });
  }

  get state(): SessionState {
    return this.#state;
  }

  async start(): Promise<void> {
    this.#loop ??= Promise.all([this.#run(), this.#keepAwake()]).then(() => undefined);
  }

  /** Sends what was given to the stream, then closes it. */
  async stop(): Promise<void> {
    this.#closing.abort(new AppError('cancelled', 'the agent ends'));
    await this.#loop;
    if (!this.#loop) this.#close();
  }

  /** The work may have something to tell. */
  wake(): void {
    this.#stream?.wake();
  }

  async #keepAwake(): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      this.look();
      await this.#options.clock.sleep(lookMs(this.#fence.leaseMs), signal).catch(() => undefined);
    }
  }

  /**
   * Looks whether this process slept past its leases; also called before anything is sent, to a coordinator or to an endpoint. If it did, others
   * may have its tasks by now: what runs is aborted, and a fresh session settles what is still this agent's.
   */
  look(): void {
    const fenced = this.#fence.look();
    if (!fenced) return;
    const [slept, ago] = [fenced.sleptMs, fenced.ageMs].map((ms) => Math.round(ms / 100) / 10);
    const why = `this process slept for ${slept} s; its leases were renewed ${ago} s ago, longer than its leases last`;
    this.#options.logger.warn({ sleptMs: Math.round(fenced.sleptMs), held: this.#options.work.heldAttempts().length }, why);
    this.#options.work.fence(why);
    this.#stream?.end(new AppError('unavailable', why));
  }

  async #run(): Promise<void> {
    const { addresses, clock, random, logger } = this.#options;
    let failures = 0;
    for (let turn = 0; !this.#closing.signal.aborted; turn++) {
      const address = addresses[turn % addresses.length]!;
      this.#state = connecting(address, failures);
      const { wasOpen, error } = await this.#connection(address);
      if (this.#closing.signal.aborted) break;
      failures = wasOpen ? 1 : failures + 1;
      const kind = endKindOf(error, wasOpen);
      if (kind === 'refused') {
        logger.fatal({ address }, `the coordinator refuses this agent for good: ${error!.message}`);
        return this.#close(error);
      }
      const backoff = this.#backoff();
      // A coordinator that turned it away has said how long it wants to be left alone.
      const asked = wasOpen ? 0 : (error?.retryAfterMs ?? 0);
      // What a person has to mend is tried slowly; but it is tried, for it may be mended without a restart.
      const waitMs =
        kind === 'misfit' ? backoff.maxMs * (0.5 + 0.5 * random()) : backoffMs(failures, backoff, random, Math.min(asked, backoff.maxMs));
      this.#state = backingOff(failures, waitMs);
      this.#complain(address, kind === 'misfit', error);
      await clock.sleep(waitMs, this.#closing.signal).catch(() => undefined);
    }
    this.#close();
  }

  /** An agent that holds attempts comes back well within their leases, which end while it is away. */
  #backoff(): { baseMs: number; maxMs: number } {
    const { backoff = BACKOFF, work } = this.#options;
    const maxMs = work.heldAttempts().length > 0 ? Math.min(backoff.maxMs, this.#fence.leaseMs / 4) : backoff.maxMs;
    return { baseMs: Math.min(backoff.baseMs, maxMs), maxMs };
  }

  #close(refusal?: AppError): void {
    this.#state = closed(refusal);
    this.#setEnded(refusal);
  }

  /** One stream from its dialling to its end. Never throws. */
  async #connection(address: string): Promise<{ wasOpen: boolean; error: AppError | undefined }> {
    let wasOpen = false;
    let duplex: AgentDuplex | undefined;
    try {
      duplex = await this.#options.dial(address);
      const messages = duplex.messages[Symbol.asyncIterator]();
      const welcome = await this.#handshake(duplex, messages);
      this.#fence.welcomed(welcome.leaseMs);
      wasOpen = true;
      this.#state = welcomed(address, welcome.sessionId, welcome.coordinatorId);
      const { work, logs, clock, logger } = this.#options;
      const { sessionId, coordinatorId, resumedAttempts, lostAttempts } = welcome;
      logger.info({ address, sessionId, coordinatorId, resumed: resumedAttempts.length, lost: lostAttempts.length }, 'connected');
      const parts = { duplex, messages, welcome, work, logs, clock, logger };
      this.#stream = new Stream({ ...parts, beats: this.#fence, beforeSend: () => this.look() });
      this.#setReady();
      await this.#stream.run(this.#closing.signal);
      return { wasOpen, error: undefined };
    } catch (error) {
      const cause = AppError.from(error);
      // A clock that was set back: the next one is above what a coordinator has seen.
      if (cause.reason === STALE_HELLO) this.#helloNumber = Math.max(this.#helloNumber, Number(cause.details['latest']) || 0);
      duplex?.abort(cause);
      return { wasOpen, error: cause };
    } finally {
      this.#stream = undefined;
    }
  }

  async #handshake(duplex: AgentDuplex, messages: AsyncIterator<CoordinatorMessage>): Promise<Welcome> {
    const { hello, work, clock } = this.#options;
    this.look();
    this.#fence.hello();
    this.#helloNumber = Math.max(this.#helloNumber + 1, clock.now());
    const first = await withDeadline({ ms: WELCOME_MS, what: 'the handshake', clock, signal: this.#closing.signal }, (signal) => {
      // A call that is refused says why in what is read; the failed write only says that it is over.
      duplex.send({ kind: 'hello', ...hello, number: this.#helloNumber, heldAttempts: work.heldAttempts() }).catch(() => undefined);
      return raceSignal(messages.next(), signal);
    });
    if (first.done) throw new AppError('unavailable', 'the coordinator ended the stream before its Welcome');
    if (first.value.kind !== 'welcome')
      throw new AppError('unavailable', `the coordinator began with ${first.value.kind} instead of welcome`);
    return first.value;
  }

  /** The same words are not repeated every few seconds. */
  #complain(address: string, needsPerson: boolean, error: AppError | undefined): void {
    const { clock, logger } = this.#options;
    const text = `${address}: ${needsPerson ? 'mend it: ' : ''}${error?.message ?? 'the stream ended'}`;
    const now = clock.monotonic();
    if (text === this.#lastComplaint.text && now - this.#lastComplaint.at < REPEAT_LOG_MS) return;
    this.#lastComplaint = { text, at: now };
    if (needsPerson)
      logger.error({ address, code: error?.code }, `the coordinator does not take this agent: ${error?.message}. Trying again, slowly`);
    else
      logger.warn(
        { address, code: error?.code, reason: error?.message ?? 'the stream ended' },
        'not connected; the work goes on, trying again',
      );
  }
}
