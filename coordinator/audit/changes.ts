/**
 * What was changed in evaluations, on its way into the audit log: together, once a second, so that many changes make few pieces. Nobody waits for it.
 * Where the log cannot be written it is kept, and written later; so much of it, and of the rest how much it was.
 */
import type { Clock } from '../../shared/runtime/clock.ts';
import { Duty, type Service } from '../../shared/runtime/service.ts';
import type { Call } from './entry.ts';

const PERIOD_MS = 1_000;
/** That wait, and that are written at once: what is privileged finds room in the log all the same. */
const MAX_WAITING = 5_000;
const AT_ONCE = 250;

export class Changes implements Service {
  readonly #record: (call: Call) => Promise<void>;
  readonly #duty: Duty;
  #waiting: Call[] = [];
  #passedOver = 0;

  constructor({ record, clock, onTrouble }: { record: (call: Call) => Promise<void>; clock: Clock; onTrouble: (error: unknown) => void }) {
    this.#record = record;
    this.#duty = new Duty({ clock, periodMs: PERIOD_MS, onError: onTrouble, run: () => this.#tell() });
  }

  start(): Promise<void> {
    return this.#duty.start();
  }

  async stop(): Promise<void> {
    await this.#duty.stop();
    await this.#tell().catch(() => undefined);
  }

  record(call: Call): void {
    if (this.#waiting.length < MAX_WAITING) this.#waiting.push(call);
    else this.#passedOver++;
  }

  async #tell(): Promise<void> {
    while (this.#waiting.length > 0) {
      const some = this.#waiting.splice(0, AT_ONCE);
      const last = some.at(-1)!;
      const more = this.#passedOver;
      // How many there were beside is told with the last one that there was room for.
      if (this.#waiting.length === 0 && more > 0) {
        some[some.length - 1] = { ...last, more: (last.more ?? 0) + more };
        this.#passedOver -= more;
      }
      const done = await Promise.allSettled(some.map((call) => this.#record(call)));
      const failed = done.findIndex(({ status }) => status === 'rejected');
      if (failed < 0) continue;
      this.#waiting.unshift(...some.filter((_, i) => done[i]!.status === 'rejected'));
      throw (done[failed] as PromiseRejectedResult).reason;
    }
  }
}
