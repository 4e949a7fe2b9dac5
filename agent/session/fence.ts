/**
 * Judges whether this agent's leases may be over without its knowing: after a sleep, by when they were renewed last.
 *
 * Only a sleep makes it ask. An agent that is awake and hears of no coordinator works on: where none is there, nobody ends leases; where one
 * is, it says at the next Hello what is lost. A sleep of half a lease is looked at, for what passed before it counts as well.
 *
 * A heartbeat renews the leases not before it was sent, and that is known when it is acknowledged. Acknowledgements that came during the sleep
 * are not read yet on waking: while one is under way that would do, the next look decides.
 */
import type { SleepWatch } from './sleep-watch.ts';

/** What is told of leases that are over. */
export interface Fenced {
  sleptMs: number;
  /** Since the last renewal that is known of. */
  ageMs: number;
}

export class Fence {
  readonly #watch: Pick<SleepWatch, 'look'>;
  readonly #lookMs: (leaseMs: number) => number;
  /** Infinite before the first Welcome. */
  leaseMs = Infinity;
  /** Time that has passed, suspensions included. */
  #nowMs = 0;
  #renewedAtMs = 0;
  #sentAtMs = 0;
  /** Heartbeats of the stream that were not acknowledged, and when they were sent. */
  readonly #sent = new Map<number, number>();
  /** A sleep after which the leases seem to be over, until that is sure. */
  #slept: { ms: number; untilMs: number } | undefined;

  /** lookMs: how often somebody looks, at least. */
  constructor(watch: Pick<SleepWatch, 'look'>, lookMs: (leaseMs: number) => number) {
    this.#watch = watch;
    this.#lookMs = lookMs;
  }

  /** Looks at what time it is; once after each sleep that has cost the leases it says so. */
  look(): Fenced | undefined {
    const ms = this.#watch.look();
    this.#nowMs += ms;
    const lookMs = this.#lookMs(this.leaseMs);
    const isOver = (sinceMs: number): boolean => this.#nowMs - sinceMs > this.leaseMs + lookMs;
    if (ms >= this.leaseMs / 2 + lookMs && isOver(this.#renewedAtMs)) this.#slept = { ms, untilMs: this.#nowMs };
    const slept = this.#slept;
    if (!slept || (!isOver(this.#sentAtMs) && this.#nowMs - slept.untilMs < lookMs)) return undefined;
    this.#slept = undefined;
    return { sleptMs: slept.ms, ageMs: this.#nowMs - this.#renewedAtMs };
  }

  /** A Hello was sent, as of the last look: a Welcome renews what it names. */
  hello(): void {
    this.#sentAtMs = this.#nowMs;
    this.#sent.clear();
  }

  welcomed(leaseMs: number): void {
    this.leaseMs = leaseMs;
    this.#renewed(this.#sentAtMs);
  }

  /** A heartbeat was sent, as of the last look. */
  sent(sequence: number): void {
    this.#sentAtMs = this.#nowMs;
    this.#sent.set(sequence, this.#nowMs);
  }

  acknowledged(sequence: number): void {
    const sentAtMs = this.#sent.get(sequence);
    if (sentAtMs === undefined) return;
    for (const before of this.#sent.keys()) if (before <= sequence) this.#sent.delete(before);
    this.#renewed(sentAtMs);
  }

  #renewed(atMs: number): void {
    this.#renewedAtMs = Math.max(this.#renewedAtMs, atMs);
    // It was renewed after the sleep, or so shortly before that the sleep did no harm.
    if (this.#nowMs - this.#renewedAtMs <= this.leaseMs) this.#slept = undefined;
  }
}
