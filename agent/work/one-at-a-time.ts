/** Lets one in at a time, in the order in which they came. */
import { raceSignal } from '../../shared/runtime/abort.ts';

export class OneAtATime {
  #last: Promise<void> = Promise.resolve();

  /** Runs the work when it is its turn; an abort while it waits gives the turn up and rejects with its reason. */
  async run<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    const before = this.#last;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#last = promise;
    try {
      await raceSignal(before, signal);
      return await work();
    } finally {
      // Whoever gave up passes the turn on only when it was his.
      void before.then(resolve);
    }
  }
}
