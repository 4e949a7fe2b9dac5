/**
 * The one shape of everything that runs in the background: `start()` returns when it works, `stop()` when it has ended;
 * both tolerate repetition. A periodic duty also has `runOnce()`, which tests call.
 */
import { AppError } from '../domain/errors.ts';
import { ENDED } from './abort.ts';
import type { Clock } from './clock.ts';

export interface Service {
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts in order; if one fails, stops those that were started and throws its error. */
export async function startAll(services: readonly Service[]): Promise<void> {
  for (const [i, service] of services.entries()) {
    try {
      await service.start();
    } catch (error) {
      await stopAll(services.slice(0, i)).catch(() => undefined);
      throw error;
    }
  }
}

/** Stops in reverse order, each even if another one fails; then throws what failed, as `runEach` does. */
export async function stopAll(services: readonly Service[]): Promise<void> {
  await runEach(services.toReversed().map((service) => () => service.stop()));
}

/** Runs all in order, each even if another one fails; then throws what failed, several as one AggregateError that names them all. */
export async function runEach(steps: readonly (() => unknown)[]): Promise<void> {
  const errors: unknown[] = [];
  for (const step of steps) {
    try {
      await step();
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length === 1) throw errors[0];
  if (errors.length > 1) throw new AggregateError(errors, errors.map((error) => AppError.from(error).message).join('; '));
}

/**
 * A duty that runs every `periodMs`, and at once after `wake()`; never twice at the same time. A failed run is given to
 * `onError` and the next one comes as planned.
 */
export class Duty implements Service {
  readonly #run: (signal: AbortSignal) => Promise<void>;
  readonly #periodMs: number;
  readonly #clock: Clock;
  readonly #onError: (error: unknown) => void;
  #abort: AbortController | undefined;
  #loop: Promise<void> | undefined;
  #woken = false;
  #wakeUp: (() => void) | undefined;

  constructor(options: { run: (signal: AbortSignal) => Promise<void>; periodMs: number; clock: Clock; onError: (error: unknown) => void }) {
    this.#run = options.run;
    this.#periodMs = options.periodMs;
    this.#clock = options.clock;
    this.#onError = options.onError;
  }

  async start(): Promise<void> {
    if (this.#abort) return;
    this.#abort = new AbortController();
    this.#loop = this.#repeat(this.#abort.signal);
  }

  async stop(): Promise<void> {
    this.#abort?.abort();
    this.#wakeUp?.();
    await this.#loop;
    this.#abort = undefined;
    this.#loop = undefined;
  }

  wake(): void {
    this.#woken = true;
    this.#wakeUp?.();
  }

  async runOnce(signal: AbortSignal = new AbortController().signal): Promise<void> {
    await this.#run(signal);
  }

  async #repeat(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      this.#woken = false;
      try {
        await this.#run(signal);
      } catch (error) {
        if (!signal.aborted) this.#onError(error);
      }
      if (signal.aborted || this.#woken) continue;
      // `stop` cuts it short too. No AbortSignal.any here: Node keeps such a signal, and all that waits on it, for as long as somebody listens.
      const cut = new AbortController();
      this.#wakeUp = () => cut.abort(ENDED);
      await this.#clock.sleep(this.#periodMs, cut.signal).catch(() => undefined);
      this.#wakeUp = undefined;
    }
  }
}
