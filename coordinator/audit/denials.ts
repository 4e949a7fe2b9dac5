/**
 * Denied calls on their way into the audit log: each of the first of a caller, and then a few in a minute, and how many more there were. Whoever tries
 * a door or all of them is told of line by line; whoever is turned away for ever fills no disk.
 */
import { addressOf } from '../../shared/rpc/peer-address.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import { Duty, type Service } from '../../shared/runtime/service.ts';
import type { Call } from './entry.ts';

const WINDOW_MS = 60_000;
/** Lines of one caller: so many at first, and so many a minute, which gather again up to that. */
const OF_CALLER: Allowance = { atOnce: 1_000, perMinute: 20 };
/** Of all callers together: two megabytes at once, half of one a minute. */
const OF_ALL: Allowance = { atOnce: 5_000, perMinute: 1_200 };
/** Callers that are told apart; the others count as one. */
const MAX_CALLERS = 1_000;
const OTHERS = 'others';

interface Allowance {
  readonly atOnce: number;
  readonly perMinute: number;
}

/** How many lines are left of an allowance. */
class Lines {
  readonly #of: Allowance;
  readonly #clock: Clock;
  #left: number;
  #atMs: number;

  constructor(of: Allowance, clock: Clock) {
    this.#of = of;
    this.#clock = clock;
    this.#left = of.atOnce;
    this.#atMs = clock.monotonic();
  }

  get left(): number {
    const nowMs = this.#clock.monotonic();
    this.#left = Math.min(this.#of.atOnce, this.#left + ((nowMs - this.#atMs) / WINDOW_MS) * this.#of.perMinute);
    this.#atMs = nowMs;
    return this.#left;
  }

  /** None was used, or as long ago as if there was none. */
  get isWhole(): boolean {
    return this.left >= this.#of.atOnce;
  }

  take(): void {
    this.#left--;
  }
}

interface Caller {
  readonly lines: Lines;
  /** Denied, and not told of yet; and being written just now. */
  left: number;
  writing: number;
  last: Call;
}

export class Denials implements Service {
  readonly #record: (call: Call) => Promise<void>;
  readonly #duty: Duty;
  readonly #clock: Clock;
  readonly #lines: Lines;
  readonly #callers = new Map<string, Caller>();

  constructor({ record, clock, onTrouble }: { record: (call: Call) => Promise<void>; clock: Clock; onTrouble: (error: unknown) => void }) {
    this.#record = record;
    this.#clock = clock;
    this.#lines = new Lines(OF_ALL, clock);
    this.#duty = new Duty({ clock, periodMs: WINDOW_MS, onError: onTrouble, run: () => this.#tell() });
  }

  start(): Promise<void> {
    return this.#duty.start();
  }

  async stop(): Promise<void> {
    await this.#duty.stop();
    await this.#tell().catch(() => undefined);
  }

  /** Rejects where it could not be written; one that is only counted waits for the end of the minute. */
  async record(call: Call): Promise<void> {
    const caller = this.#callerOf(call);
    if (caller.lines.left < 1 || this.#lines.left < 1) {
      caller.left++;
      caller.last = call;
      return;
    }
    caller.lines.take();
    this.#lines.take();
    caller.writing++;
    try {
      await this.#record(call);
    } catch (error) {
      caller.left++;
      caller.last = call;
      throw error;
    } finally {
      caller.writing--;
    }
  }

  #callerOf(call: Call): Caller {
    // A port is another one with each connection, and of IPv6 so may be half of the address.
    const own = `${call.who} ${addressOf(call.peer)}`;
    const key = this.#callers.has(own) || this.#callers.size < MAX_CALLERS ? own : OTHERS;
    const caller = this.#callers.get(key) ?? { lines: new Lines(OF_CALLER, this.#clock), left: 0, writing: 0, last: call };
    this.#callers.set(key, caller);
    return caller;
  }

  /** What cannot be written now is told a minute later. */
  async #tell(): Promise<void> {
    const told = [...this.#callers.values()].filter((caller) => caller.left > 0);
    const counts = told.map((caller) => caller.left);
    for (const caller of told) caller.left = 0;
    const done = await Promise.allSettled(told.map((caller, i) => this.#record({ ...caller.last, more: counts[i]! })));
    for (const [i, { status }] of done.entries()) if (status === 'rejected') told[i]!.left += counts[i]!;
    for (const [key, caller] of this.#callers) if (caller.left + caller.writing === 0 && caller.lines.isWhole) this.#callers.delete(key);
    const failed = done.find((one) => one.status === 'rejected');
    if (failed) throw failed.reason;
  }
}
