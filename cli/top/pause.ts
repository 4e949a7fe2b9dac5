/** A wait that can be cut short. */
export class Pause {
  #end: (() => void) | undefined;
  #isHurried = false;

  /** Resolves after `ms`, when the signal aborts, or when `end` is called; at once where it was called since the last wait. */
  wait(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        this.#end = undefined;
        this.#isHurried = false;
        resolve();
      };
      const timer = setTimeout(done, ms);
      signal.addEventListener('abort', done, { once: true });
      this.#end = done;
      if (signal.aborted || this.#isHurried) done();
    });
  }

  end(): void {
    this.#isHurried = true;
    this.#end?.();
  }
}
