/**
 * Notices when the calls of one entry of the models fail one after the other: each is repeated for minutes, and whoever waits should know why.
 * Pure.
 */

/** Fewer, or within less time, are what retries are for. */
const FAILURES = 5;
const WITHIN_MS = 5_000;

export class CallTrouble {
  #failures = 0;
  #sinceMs = 0;
  #isTold = false;

  /** A call has failed. Returns how many in a row, when that is to be told: once until a call succeeds. nowMs: monotonic. */
  failed(nowMs: number): number | undefined {
    if (this.#failures++ === 0) this.#sinceMs = nowMs;
    if (this.#isTold || this.#failures < FAILURES || nowMs - this.#sinceMs < WITHIN_MS) return undefined;
    this.#isTold = true;
    return this.#failures;
  }

  /** A call has succeeded. Returns whether trouble that was told is over. */
  succeeded(): boolean {
    const wasTold = this.#isTold;
    this.#failures = 0;
    this.#isTold = false;
    return wasTold;
  }
}
