/** Denied calls on their way into the audit log: the first of each caller in a minute, and then how many more there were. Whoever is turned away often fills no disk. */
import { addressOf } from '../../shared/rpc/peer-address.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import { Duty, type Service } from '../../shared/runtime/service.ts';
import type { Call } from './entry.ts';

const WINDOW_MS = 60_000;
/** Of one caller in a minute. */
const MOST = 20;
/** Of all callers together in a minute, before there are only numbers: about half a megabyte. */
const MOST_TOLD = 1_200;
/** Callers that are told apart in a minute; the others count as one. */
const MAX_CALLERS = 1_000;
const OTHERS = 'others';

interface Caller {
  told: number;
  /** Denied, and not told of yet. */
  left: number;
  last: Call;
}

export class Denials implements Service {
  readonly #record: (call: Call) => Promise<void>;
  readonly #duty: Duty;
  #callers = new Map<string, Caller>();
  #told = 0;

  constructor({ record, clock, onTrouble }: { record: (call: Call) => Promise<void>; clock: Clock; onTrouble: (error: unknown) => void }) {
    this.#record = record;
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
    if (caller.told >= MOST || this.#told >= MOST_TOLD) {
      caller.left++;
      caller.last = call;
      return;
    }
    caller.told++;
    this.#told++;
    try {
      await this.#record(call);
    } catch (error) {
      this.#callerOf(call).left++;
      throw error;
    }
  }

  #callerOf(call: Call): Caller {
    // A port is another one with each connection, and of IPv6 so may be half of the address.
    const own = `${call.who} ${addressOf(call.peer)}`;
    const key = this.#callers.has(own) || this.#callers.size < MAX_CALLERS ? own : OTHERS;
    const caller = this.#callers.get(key) ?? { told: 0, left: 0, last: call };
    this.#callers.set(key, caller);
    return caller;
  }

  /** What cannot be written now is told a minute later. */
  async #tell(): Promise<void> {
    const callers = this.#callers;
    this.#callers = new Map();
    this.#told = 0;
    const left = [...callers.values()].filter((caller) => caller.left > 0);
    const done = await Promise.allSettled(left.map((caller) => this.#record({ ...caller.last, more: caller.left })));
    for (const [i, { status }] of done.entries()) if (status === 'rejected') this.#callerOf(left[i]!.last).left += left[i]!.left;
    const failed = done.find((one) => one.status === 'rejected');
    if (failed) throw failed.reason;
  }
}
