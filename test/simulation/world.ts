/**
 * A world in which time passes only from event to event. Everything that takes time is an event; between two of them every promise that can
 * go on does. One seed decides all chance, so the same seed gives the same course, and the trace of it the same hash.
 */
import { createHash } from 'node:crypto';
import { AppError } from '../../shared/domain/errors.ts';
import { Random } from './random.ts';
import { EventHeap, type SimEvent } from './event-heap.ts';
import { eachSettled, settled } from './turns.ts';

/** Where simulated clocks begin: a date, as in production. */
const EPOCH_MS = 1_700_000_000_000;
/** Characters of the trace. */
const HASHED_AT_ONCE = 16_384;

export class World {
  readonly random: Random;
  readonly #events = new EventHeap();
  readonly #hash = createHash('sha256');
  #unhashed = '';
  readonly #kept: string[] | undefined;
  /** Milliseconds since the beginning. */
  time = 0;
  /** Events that have taken place. */
  events = 0;

  /** keep: the lines of the trace are kept, for people. */
  constructor(seed: number, { keep = false }: { keep?: boolean } = {}) {
    this.random = new Random(seed);
    this.#kept = keep ? [] : undefined;
  }

  get now(): number {
    return EPOCH_MS + this.time;
  }

  /** Runs `work` after `ms`; never when it was taken back by then. */
  after(ms: number, work: () => void): SimEvent {
    return this.#events.add(this.time + Math.max(0, ms), work);
  }

  /** One line of the trace: what took place, without anything that is random by itself. */
  trace(line: string): void {
    const text = `${this.time.toFixed(3)} ${line}`;
    this.#kept?.push(text);
    this.#unhashed += `${text}\n`;
    if (this.#unhashed.length > HASHED_AT_ONCE) this.#hashAll();
  }

  #hashAll(): void {
    this.#hash.update(this.#unhashed);
    this.#unhashed = '';
  }

  get lines(): readonly string[] {
    return this.#kept ?? [];
  }

  /** Lets time pass until `until` says so; false when that did not come within `limitMs` of simulated time, or nothing is left to happen. */
  async run(until: () => boolean, limitMs: number): Promise<boolean> {
    const end = this.time + limitMs;
    await settled();
    return eachSettled(() => {
      if (until()) return true;
      const next = this.#events.take();
      if (!next) return false;
      if (next.at > end) {
        this.#events.putBack(next);
        this.time = end;
        return false;
      }
      this.time = next.at;
      this.events++;
      next.work();
      return undefined;
    });
  }

  traceHash(): string {
    this.#hashAll();
    return this.#hash.copy().digest('hex');
  }
}

/** One life of a process: what it waits for is lost when it ends, and late when it was stopped. */
export class Life {
  readonly world: World;
  readonly name: string;
  #dead = false;
  /** What came while it was stopped. */
  #stopped: (() => void)[] | undefined;

  constructor(world: World, name: string) {
    this.world = world;
    this.name = name;
  }

  get dead(): boolean {
    return this.#dead;
  }

  get isStopped(): boolean {
    return !this.#dead && this.#stopped !== undefined;
  }

  /** As SIGKILL: nothing of it happens any more. */
  kill(): void {
    this.#dead = true;
    this.#stopped = undefined;
  }

  /** As SIGSTOP. */
  stop(): void {
    this.#stopped ??= [];
  }

  /** As SIGCONT: all that was due happens now, in its order. */
  goOn(): void {
    const due = this.#stopped ?? [];
    this.#stopped = undefined;
    for (const work of due) this.world.after(0, () => this.act(work));
  }

  /** Something happens to this process, now or when it goes on. */
  act(work: () => void): void {
    if (this.#dead) return;
    if (this.#stopped) this.#stopped.push(work);
    else work();
  }

  /** What takes `ms` and then answers with `work`'s result. A process that is dead by then never hears of it; `work` is done all the same. */
  ask<T>(ms: number, work: () => T, answerMs = 0): Promise<T> {
    return new Promise((resolve, reject) => {
      this.world.after(ms, () => {
        let settle: () => void;
        try {
          const result = work();
          settle = () => resolve(result);
        } catch (error) {
          settle = () => reject(AppError.from(error));
        }
        if (answerMs > 0) this.world.after(answerMs, () => this.act(settle));
        else this.act(settle);
      });
    });
  }
}
