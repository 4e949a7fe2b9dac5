/** Denied calls on their way into the audit log: the first of each caller in a minute, and then how many more there were. Whoever is turned away often fills no disk. */
import type { Clock } from '../../shared/runtime/clock.ts';
import { Duty, type Service } from '../../shared/runtime/service.ts';
import type { Call } from './entry.ts';

const WINDOW_MS = 60_000;
/** Of one caller in a minute. */
const MOST = 20;
/** Callers that are told apart in a minute; the others count as one. */
const MAX_CALLERS = 1_000;
const OTHERS = 'others';

export class Denials implements Service {
  readonly #record: (call: Call) => Promise<void>;
  readonly #duty: Duty;
  #callers = new Map<string, { told: number; left: number; last: Call }>();

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
    // A port is another one with each connection.
    const own = `${call.who} ${call.peer.replace(/:\d+$/, '')}`;
    const key = this.#callers.has(own) || this.#callers.size < MAX_CALLERS ? own : OTHERS;
    const caller = this.#callers.get(key) ?? { told: 0, left: 0, last: call };
    this.#callers.set(key, caller);
    if (caller.told < MOST) {
      caller.told++;
      await this.#record(call);
    } else {
      caller.left++;
      caller.last = call;
    }
  }

  async #tell(): Promise<void> {
    const callers = this.#callers;
    this.#callers = new Map();
    await Promise.all([...callers.values()].filter(({ left }) => left > 0).map(({ left, last }) => this.#record({ ...last, more: left })));
  }
}
