/** The time of one sample, over all of its runs: since when, how much of it was work, and what its limits leave. */
import type { LimitsSpec } from '../../shared/domain/spec.ts';
import type { UnitResult } from '../../shared/domain/result.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import type { SampleTime as CallTime } from '../models/retry.ts';

export class SampleTime implements CallTime {
  readonly startedAt: number;
  readonly #clock: Clock;
  readonly #from: number;
  readonly #limits: LimitsSpec | undefined;
  #waitedMs = 0;

  constructor(clock: Clock, limits: LimitsSpec | undefined) {
    this.#clock = clock;
    this.#limits = limits;
    this.startedAt = clock.now();
    this.#from = clock.monotonic();
  }

  timeLeftMs(): number {
    return this.#limits?.time === undefined ? Infinity : this.#limits.time * 1000 - this.#totalMs();
  }

  workLeftMs(): number {
    return this.#limits?.working === undefined ? Infinity : this.#limits.working * 1000 - (this.#totalMs() - this.#waitedMs);
  }

  waited(ms: number): void {
    this.#waitedMs += ms;
  }

  timing(modelMs: number): UnitResult['timing'] {
    const totalMs = this.#totalMs();
    return {
      startedAt: this.startedAt,
      modelMs: rounded(modelMs),
      totalMs: rounded(totalMs),
      workingMs: rounded(Math.max(0, totalMs - this.#waitedMs)),
    };
  }

  #totalMs(): number {
    return this.#clock.monotonic() - this.#from;
  }
}

/** Hundredths of a millisecond are enough. */
const rounded = (ms: number): number => Math.round(ms * 100) / 100;
