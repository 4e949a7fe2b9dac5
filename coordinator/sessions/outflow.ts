/**
 * What is on its way to one agent: granted, and not yet taken by the transport. Samples can have 64 MiB, and an agent's
 * credit counts samples; without a bound in bytes, room for a few dozen would pile up gigabytes in front of its stream.
 * How large the next samples are is not known when their task is fetched: what came before is the guess.
 */

/** Beyond this nothing more is fetched for the agent; a task has about 4 MiB at most, unless it is one larger sample. */
const ENOUGH_BYTES = 8 << 20;
/** Beyond this a task goes back to the queue instead: the guess was wrong. One sample alone always passes. */
const MOST_BYTES = 96 << 20;
/** Of the guess, after an assignment with smaller samples: a rare large one is remembered for a while. */
const DECAY = 0.9;

export class Outflow {
  #samples = 0;
  #bytes = 0;
  #bytesPerSample = 0;
  #isShort = false;

  /** How many more samples may be fetched. */
  room(credit: number): number {
    const most = this.#bytes >= ENOUGH_BYTES ? 0 : Math.ceil(ENOUGH_BYTES / Math.max(1, this.#bytesPerSample)) - this.#samples;
    if (most >= credit) return credit;
    this.#isShort = true;
    return Math.max(0, most);
  }

  /** Samples were granted or, negative, will not be sent after all. */
  charge(samples: number): void {
    this.#samples += samples;
  }

  /** An assignment is about to be sent; false if it must not be. */
  begin(samples: number, bytes: number): boolean {
    this.#bytesPerSample = Math.max(bytes / Math.max(1, samples), this.#bytesPerSample * DECAY);
    if (this.#bytes > 0 && this.#bytes + bytes > MOST_BYTES) return false;
    this.#bytes += bytes;
    return true;
  }

  /** The transport has taken it; true if somebody asked for more room in the meantime than there was. */
  taken(samples: number, bytes: number): boolean {
    this.#samples -= samples;
    this.#bytes -= bytes;
    const wasShort = this.#isShort;
    this.#isShort = false;
    return wasShort;
  }
}
