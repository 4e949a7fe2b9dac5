/**
 * The room for one entry of the agent's models: its connections, the samples that wait for one, and the credit that
 * follows from both.
 *
 * A sample is started with a connection in hand. While it sleeps between two calls (a retry) it gives the connection
 * away and queues for one again, before the samples that have not started. So waiting + running never exceeds
 * `maxConnections + lookAhead` by more than one task's overdraft, and a connection never idles while a sample waits. Where the limit is
 * adaptive (`models/adaptive-limit.ts`) it stands in place of maxConnections; calls that run when it falls go on.
 *
 * State
 *   open        entered at first and by a successful probe; waiting samples start; left by `suspend` → suspended
 *   suspended   entered by a quota, auth or model_not_found failure or the agent's own cap, which tells the coordinator and returns what waits;
 *               left by the clock (`#probe`) → probing
 *   probing     has room for one sample and starts one only; left by `proved` → open, or by `suspend` → suspended, for twice
 *               as long as before
 *
 * Besides, the agent can block all pools (`spool_full`, `draining`): no credit, nothing starts.
 */
import { called, limited, startOf, succeeded, type AdaptiveBounds, type AdaptiveLimit } from '../models/adaptive-limit.ts';
import type { Clock } from '../../shared/runtime/clock.ts';

/** Error classes after which no call of the entry can succeed until a person acts; `spend_cap`: until the next day. */
export const SUSPEND_REASONS = ['quota', 'auth', 'model_not_found', 'spend_cap'] as const;
export type SuspendReason = (typeof SUSPEND_REASONS)[number];
export type BlockReason = 'spool_full' | 'draining';

/** A sample that waits: `start` is called once, with the right to one connection; it settles when the sample is over. */
export interface WaitingSample {
  start(connection: Connection): Promise<void>;
}

/** The right to one call at a time; `release` may be called again without effect. */
export interface Connection {
  release(): void;
}

type PoolState =
  | { kind: 'open' }
  | { kind: 'suspended'; reason: SuspendReason; backoffMs: number; retryAtMs: number }
  | { kind: 'probing'; backoffMs: number; busy: boolean };

export interface ModelPoolOptions {
  maxConnections: number;
  /** The limit moves within these. */
  adaptive?: AdaptiveBounds;
  lookAhead: number;
  clock: Clock;
  /** Credit or status may have changed. Called often: only marks. */
  onChange: () => void;
  /** A sample's `start` failed: a fault of the agent itself. */
  onError: (error: unknown) => void;
  firstProbeMs?: number;
  maxProbeMs?: number;
}

const FIRST_PROBE_MS = 60_000;
const MAX_PROBE_MS = 15 * 60_000;

export class ModelPool {
  readonly #options: ModelPoolOptions;
  readonly #waiting = new Set<WaitingSample>();
  readonly #retrying = new Set<(connection: Connection) => void>();
  readonly #blocks = new Set<BlockReason>();
  readonly #closing = new AbortController();
  #state: PoolState = { kind: 'open' };
  /** Samples started and not over; those that sleep before a retry included. */
  #running = 0;
  #connections = 0;
  #adaptive: AdaptiveLimit | undefined;
  /** Samples sent on this stream, and the largest total announced on it. */
  #received = 0;
  #total = 0;

  constructor(options: ModelPoolOptions) {
    this.#options = options;
    this.#adaptive = options.adaptive && startOf(options.adaptive);
  }

  /** Calls at the same time, now. */
  get limit(): number {
    return this.#adaptive?.limit ?? this.#options.maxConnections;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  get running(): number {
    return this.#running;
  }

  /** Why the entry takes no work now, as it is told to the coordinator; undefined: it takes some. */
  get suspension(): SuspendReason | BlockReason | undefined {
    if (this.#blocks.has('draining')) return 'draining';
    if (this.#blocks.has('spool_full')) return 'spool_full';
    return this.refusal;
  }

  /** Why it is suspended, whatever else blocks it. */
  get refusal(): SuspendReason | undefined {
    return this.#state.kind === 'suspended' ? this.#state.reason : undefined;
  }

  /** Milliseconds until its endpoint is tried again; undefined where that is not what it waits for. */
  get retryMs(): number | undefined {
    if (this.#blocks.size > 0 || this.#state.kind !== 'suspended') return undefined;
    return Math.max(1, Math.round(this.#state.retryAtMs - this.#options.clock.monotonic()));
  }

  /**
   * The credit: samples allowed since the stream began. It is what was received and what there is room for; it never
   * shrinks, and stands still while the entry takes no work.
   */
  get samplesTotal(): number {
    if (this.suspension === undefined) {
      // A probe needs one sample: more would come only to go back.
      const room = this.#state.kind === 'probing' ? 1 : this.limit + this.#lookAhead;
      this.#total = Math.max(this.#total, this.#received + room - this.#waiting.size - this.#running);
    }
    return this.#total;
  }

  /** A low limit needs no long queue: what waits here is not with others. */
  get #lookAhead(): number {
    const { lookAhead } = this.#options;
    return this.#adaptive ? Math.min(lookAhead, Math.max(2, Math.ceil(this.limit / 4))) : lookAhead;
  }

  /** A new stream: the count of credit begins anew; what is held from before takes its room. */
  resetCredit(): void {
    this.#received = 0;
    this.#total = 0;
  }

  /** `count` samples came on this stream, also such as are held already: the coordinator has counted them. */
  receive(count: number): void {
    this.#received += count;
  }

  enqueue(samples: Iterable<WaitingSample>): void {
    for (const sample of samples) this.#waiting.add(sample);
    this.#pump();
    this.#options.onChange();
  }

  /** Takes a sample that has not started out of the queue. */
  remove(sample: WaitingSample): void {
    if (this.#waiting.delete(sample)) this.#options.onChange();
  }

  /** A connection for a sample that runs already; rejects with the signal's reason when it aborts. */
  acquire(signal: AbortSignal): Promise<Connection> {
    if (signal.aborted) return Promise.reject(signal.reason as Error);
    return new Promise((resolve, reject) => {
      const onAbort = (): void => {
        this.#retrying.delete(grant);
        reject(signal.reason as Error);
      };
      const grant = (connection: Connection): void => {
        signal.removeEventListener('abort', onAbort);
        resolve(connection);
      };
      signal.addEventListener('abort', onAbort, { once: true });
      this.#retrying.add(grant);
      this.#pump();
    });
  }

  /**
   * The endpoint refuses all calls of this entry. `waitMs`: when it will take some is known. Returns the milliseconds to the next try, undefined if it
   * was known already.
   */
  suspend(reason: SuspendReason, waitMs?: number): number | undefined {
    if (this.#state.kind === 'suspended') return undefined;
    const { firstProbeMs = FIRST_PROBE_MS, maxProbeMs = MAX_PROBE_MS } = this.#options;
    const doubled = this.#state.kind === 'probing' ? Math.min(this.#state.backoffMs * 2, maxProbeMs) : firstProbeMs;
    const backoffMs = waitMs === undefined ? doubled : firstProbeMs;
    const untilMs = waitMs ?? backoffMs;
    this.#state = { kind: 'suspended', reason, backoffMs, retryAtMs: this.#options.clock.monotonic() + untilMs };
    void this.#probe(untilMs, backoffMs);
    this.#options.onChange();
    return untilMs;
  }

  /** A call of this entry succeeded, or failed in a way that is no refusal: the endpoint takes calls again. */
  proved(): void {
    if (this.#state.kind !== 'probing') return;
    this.#state = { kind: 'open' };
    this.#pump();
    this.#options.onChange();
  }

  /** An answer came with the first call for it. */
  answered(): void {
    this.#move((state, bounds) => succeeded(state, bounds, this.#options.clock.monotonic(), this.#connections));
  }

  /** The endpoint had too many calls. */
  limited(retryAfterMs?: number): void {
    this.#move((state, bounds) => limited(state, bounds, this.#options.clock.monotonic(), this.#connections, retryAfterMs));
  }

  #move(by: (state: AdaptiveLimit, bounds: AdaptiveBounds) => AdaptiveLimit): void {
    const { adaptive } = this.#options;
    if (!adaptive || !this.#adaptive) return;
    const before = this.limit;
    this.#adaptive = by(this.#adaptive, adaptive);
    if (this.limit === before) return;
    this.#pump();
    this.#options.onChange();
  }

  block(reason: BlockReason, on: boolean): void {
    if (this.#blocks.has(reason) === on) return;
    if (on) this.#blocks.add(reason);
    else this.#blocks.delete(reason);
    this.#pump();
    this.#options.onChange();
  }

  close(): void {
    this.#closing.abort();
  }

  async #probe(waitMs: number, backoffMs: number): Promise<void> {
    const slept = await this.#options.clock.sleep(waitMs, this.#closing.signal).then(
      () => true,
      () => false,
    );
    if (!slept) return;
    this.#state = { kind: 'probing', backoffMs, busy: false };
    this.#pump();
    this.#options.onChange();
  }

  /** Gives the free connections away: first to samples that run already, then to those that wait. */
  #pump(): void {
    while (this.#connections < this.limit) {
      const [retry] = this.#retrying;
      if (retry) {
        this.#retrying.delete(retry);
        retry(this.#connect());
        continue;
      }
      const [sample] = this.#waiting;
      if (!sample || this.suspension !== undefined) return;
      if (this.#state.kind === 'probing') {
        if (this.#state.busy) return;
        this.#state.busy = true;
      }
      this.#waiting.delete(sample);
      this.#running++;
      void this.#run(sample);
    }
  }

  async #run(sample: WaitingSample): Promise<void> {
    const state = this.#state;
    const connection = this.#connect();
    try {
      await sample.start(connection);
    } catch (error) {
      this.#options.onError(error);
    } finally {
      connection.release();
      this.#running--;
      // A probe that ended with neither success nor refusal (aborted, say) proves nothing: the next sample tries.
      if (state.kind === 'probing') state.busy = false;
      this.#pump();
      this.#options.onChange();
    }
  }

  #connect(): Connection {
    this.#connections++;
    if (this.#adaptive) this.#adaptive = called(this.#adaptive, this.#connections);
    let held = true;
    return {
      release: () => {
        if (!held) return;
        held = false;
        this.#connections--;
        this.#pump();
      },
    };
  }
}
