/**
 * The end of an evaluation's lines, looked at once a second for all who follow it here, and at once when this coordinator has written: a follower that
 * waits costs nothing. Looks only while somebody follows.
 */
import { isFinal, type EvaluationState } from '../../../shared/domain/states.ts';
import { raceSignal } from '../../../shared/runtime/abort.ts';
import type { Clock } from '../../../shared/runtime/clock.ts';
import type { Store } from '../../store/store.ts';
import type { LogWriter } from './log-writer.ts';

/** Others write as well: looked for this often. */
const LOOK_MS = 1_000;
/** What agents still had to say of one that is final is there after so long. */
const LATE_MS = 4_000;

export interface LogTailParts {
  store: Pick<Store, 'logs'>;
  writer: Pick<LogWriter, 'onWritten'>;
  clock: Clock;
  /** Throws `not_found` where there is no such evaluation. */
  headOf: (evaluationId: string) => Promise<{ state: EvaluationState }>;
}

interface Tail {
  followers: number;
  /** The highest number of a piece that was seen. */
  last: number;
  overAt: number | undefined;
  /** Rejects for all when a look fails. */
  changed: PromiseWithResolvers<void>;
  stop: AbortController;
}

export class LogTails {
  readonly #parts: LogTailParts;
  readonly #tails = new Map<string, Tail>();

  constructor(parts: LogTailParts) {
    this.#parts = parts;
  }

  /** Yields at once, and then whenever there may be pieces beyond `seen()`. Ends some time after the evaluation is over. */
  async *follow(evaluationId: string, seen: () => number, signal: AbortSignal): AsyncGenerator<void> {
    const { clock } = this.#parts;
    const tail = this.#join(evaluationId);
    try {
      for (;;) {
        yield;
        // Over for so long at this look: what was there then has been read by now.
        while (tail.last <= seen()) {
          if (tail.overAt !== undefined && clock.monotonic() - tail.overAt > LATE_MS) return;
          await raceSignal(tail.changed.promise, signal);
        }
      }
    } finally {
      if (--tail.followers === 0) this.#end(evaluationId, tail);
    }
  }

  #join(evaluationId: string): Tail {
    const known = this.#tails.get(evaluationId);
    if (known) {
      known.followers++;
      return known;
    }
    const tail: Tail = { followers: 1, last: 0, overAt: undefined, changed: Promise.withResolvers(), stop: new AbortController() };
    this.#tails.set(evaluationId, tail);
    void this.#look(evaluationId, tail);
    return tail;
  }

  /** Whoever follows from now on begins another one. */
  #end(evaluationId: string, tail: Tail): void {
    tail.stop.abort();
    if (this.#tails.get(evaluationId) === tail) this.#tails.delete(evaluationId);
  }

  /** Until nobody follows. Never rejects: its followers do, with what went wrong. */
  async #look(evaluationId: string, tail: Tail): Promise<void> {
    const { store, writer, clock, headOf } = this.#parts;
    const { signal } = tail.stop;
    let written = Promise.withResolvers<void>();
    const forget = writer.onWritten(evaluationId, () => written.resolve());
    try {
      while (!signal.aborted) {
        const isOver = isFinal((await headOf(evaluationId)).state);
        tail.overAt = isOver ? (tail.overAt ?? clock.monotonic()) : undefined;
        for (const { number } of await store.logs.pieces(evaluationId, tail.last)) tail.last = Math.max(tail.last, number);
        const { resolve } = tail.changed;
        tail.changed = Promise.withResolvers();
        resolve();
        await Promise.race([written.promise, clock.sleep(LOOK_MS, signal).catch(() => undefined)]);
        written = Promise.withResolvers();
      }
    } catch (error) {
      this.#end(evaluationId, tail);
      tail.changed.promise.catch(() => undefined); // where nobody waits just now
      tail.changed.reject(error);
    } finally {
      forget();
    }
  }
}
