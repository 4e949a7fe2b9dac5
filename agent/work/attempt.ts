/**
 * One attempt that the agent holds: which of its samples wait, run, and have results that nobody has acknowledged.
 *
 * A sample: waiting → running → unacknowledged (its result is on its way to the spool or beyond) → gone; or waiting → spared (let go of for
 * others; the coordinator does not know for sure) → gone.
 *
 * State
 *   working    entered by an Assignment; samples start and report; left when all are acknowledged, or spared → finished,
 *              by `giveBack` → returning, by `lose` → lost
 *   returning  entered by `giveBack` (drain, quota, auth, spool_full; `lost` for what only the spool knows after a crash);
 *              nothing starts any more, what runs may finish; left when nothing runs and nothing is unacknowledged
 *              → returned, by `lose` → lost
 *   finished, returned, lost   over: never left. `returned` owes the coordinator a HandBack
 */
import type { Attributes } from '../../shared/telemetry/tracing.ts';
import type { HandBackReason } from '../../shared/rpc/messages.ts';
import type { AttemptRef } from '../spool/record.ts';
import type { WaitingSample } from './model-pool.ts';

export type AttemptState =
  | { kind: 'working' }
  | { kind: 'returning'; reason: HandBackReason; detail: string }
  | { kind: 'finished' }
  | { kind: 'returned'; reason: HandBackReason; detail: string }
  | { kind: 'lost' };

export class Attempt {
  /** `traceparent` becomes the execute span's when that starts. */
  readonly ref: AttemptRef;
  /** The entry of the agent's models; −1 for what only the spool knows. */
  readonly modelIndex: number;
  /** Resolves when the attempt is over. */
  readonly over: Promise<AttemptState>;
  /** Writes an event into the execute span. */
  readonly event: (name: string, attributes?: Attributes) => void;
  readonly #end: (state: AttemptState) => void;
  readonly #waiting = new Map<number, WaitingSample>();
  readonly #running = new Map<number, AbortController>();
  readonly #unacknowledged = new Set<number>();
  readonly #spared = new Set<number>();
  #state: AttemptState = { kind: 'working' };

  constructor(ref: AttemptRef, modelIndex: number, event: Attempt['event'] = () => undefined) {
    this.ref = ref;
    this.event = event;
    this.modelIndex = modelIndex;
    const { promise, resolve } = Promise.withResolvers<AttemptState>();
    this.over = promise;
    this.#end = resolve;
  }

  get state(): AttemptState {
    return this.#state;
  }

  get isOver(): boolean {
    return this.#state.kind !== 'working' && this.#state.kind !== 'returning';
  }

  /** Samples that have not started. */
  get waiting(): IterableIterator<WaitingSample> {
    return this.#waiting.values();
  }

  addWaiting(unit: number, sample: WaitingSample): void {
    this.#waiting.set(unit, sample);
  }

  /** A waiting sample starts; the signal aborts it. */
  started(unit: number): AbortSignal {
    const controller = new AbortController();
    this.#waiting.delete(unit);
    this.#running.set(unit, controller);
    return controller.signal;
  }

  /** A running sample has a result, which the attempt waits to have acknowledged. */
  reported(unit: number): void {
    this.#running.delete(unit);
    if (!this.isOver) this.#unacknowledged.add(unit);
  }

  /** A result from before a crash. */
  spooled(unit: number): void {
    this.#unacknowledged.add(unit);
  }

  /** A running sample ended without a result: aborted, or refused by its endpoint. */
  stopped(unit: number): void {
    this.#running.delete(unit);
    this.#settle();
  }

  /** Lets go of up to so many samples that wait, the last ones; they never start here. Returns them: they are in a queue. */
  spare(samples: number): WaitingSample[] {
    if (this.#state.kind !== 'working' || samples <= 0) return [];
    return [...this.#waiting].slice(-samples).map(([unit, sample]) => {
      this.#waiting.delete(unit);
      this.#spared.add(unit);
      return sample;
    });
  }

  /** Units that were let go of, as long as nobody has acknowledged it. */
  get spared(): number[] {
    return [...this.#spared];
  }

  /** These results need no sending any more, nor what was spared. */
  acknowledged(units: Iterable<number>): void {
    for (const unit of units) {
      this.#unacknowledged.delete(unit);
      this.#spared.delete(unit);
    }
    this.#settle();
  }

  /** Starts nothing more and returns what has no result. The first reason stands. Returns the samples that waited. */
  giveBack(reason: HandBackReason, detail: string): WaitingSample[] {
    if (this.#state.kind !== 'working') return [];
    const samples = [...this.#waiting.values()];
    this.#waiting.clear();
    // They go back with the rest, unless the coordinator has heard of them.
    this.#spared.clear();
    this.#state = { kind: 'returning', reason, detail };
    this.#settle();
    return samples;
  }

  /** The attempt is no longer this agent's: aborts what runs. Returns the samples that waited. */
  lose(reason: Error): WaitingSample[] {
    if (this.isOver) return [];
    const samples = [...this.#waiting.values()];
    this.#waiting.clear();
    this.#spared.clear();
    this.#unacknowledged.clear();
    this.#become({ kind: 'lost' });
    this.abort(reason);
    return samples;
  }

  /** Aborts what runs; it ends without results. */
  abort(reason: Error): void {
    for (const controller of [...this.#running.values()]) controller.abort(reason);
  }

  #settle(): void {
    if (this.isOver || this.#waiting.size + this.#running.size + this.#unacknowledged.size + this.#spared.size > 0) return;
    this.#become(this.#state.kind === 'returning' ? { ...this.#state, kind: 'returned' } : { kind: 'finished' });
  }

  #become(state: AttemptState): void {
    this.#state = state;
    this.#end(state);
  }
}
