/** Helpers for stopping: deadlines, races against a signal, and the two stages of a process's end. */
import { AppError } from '../domain/errors.ts';
import type { Clock } from './clock.ts';

/** The reason for signals that only end a wait of our own: without one, each abort makes an error with its stack. */
export const ENDED = new AppError('cancelled', 'it is over');

/** What a signal was aborted with, as an error to throw. */
export const reasonOf = (signal: AbortSignal): Error =>
  signal.reason instanceof Error ? signal.reason : new AppError('cancelled', String(signal.reason));

/**
 * Settles as `promise` does, or rejects with the signal's reason as soon as it aborts. What the promise does afterwards is
 * ignored, also its failure; nothing stays attached to the signal.
 */
export function raceSignal<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const onAbort = (): void => reject(reasonOf(signal));
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}

/**
 * Runs `work` under a limit: its signal aborts with AppError `deadline` after `ms`, or with the outer signal's reason, and
 * the call rejects at that moment, also if the work does not listen. `what` names the work in the error.
 */
export async function withDeadline<T>(
  options: { ms: number; what: string; clock: Clock; signal?: AbortSignal | undefined },
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const own = new AbortController();
  const finished = new AbortController();
  const { signal } = own;
  const outer = options.signal;
  // Not by AbortSignal.any: Node keeps such a signal, and all that waits on it, for as long as somebody listens.
  const onOuter = (): void => own.abort(outer?.reason);
  if (outer?.aborted) onOuter();
  else outer?.addEventListener('abort', onOuter, { once: true });
  const timer = options.clock.sleep(options.ms, finished.signal).then(
    () => own.abort(new AppError('deadline', `${options.what} did not end within ${options.ms} ms`)),
    () => undefined,
  );
  try {
    signal.throwIfAborted();
    return await raceSignal(work(signal), signal);
  } finally {
    outer?.removeEventListener('abort', onOuter);
    finished.abort(ENDED);
    await timer;
  }
}

/** The two stages in which a process ends. */
export interface ProcessSignals {
  /** Aborts at the first SIGTERM or SIGINT: take nothing new, finish or hand back. The reason's message is the signal's name. */
  readonly stop: AbortSignal;
  /** Aborts at the second one: drop everything. */
  readonly abort: AbortSignal;
  /** The first signal that came. */
  received(): NodeJS.Signals | undefined;
  /** Takes the handlers off again. */
  dispose(): void;
}

/** Where signals come from: `process`, or a stand-in in tests. */
export interface SignalSource {
  on(signal: NodeJS.Signals, listener: (signal: NodeJS.Signals) => void): unknown;
  off(signal: NodeJS.Signals, listener: (signal: NodeJS.Signals) => void): unknown;
}

const END_SIGNALS: readonly NodeJS.Signals[] = ['SIGTERM', 'SIGINT'];

/** Listens for the end of the process. `onSecond` runs after the abort; a main.ts gives its exit with 130 or 143 there. */
export function processSignals(source: SignalSource = process, onSecond?: (signal: NodeJS.Signals) => void): ProcessSignals {
  const stop = new AbortController();
  const abort = new AbortController();
  let first: NodeJS.Signals | undefined;
  const listener = (signal: NodeJS.Signals): void => {
    const reason = new AppError('cancelled', signal);
    if (!first) {
      first = signal;
      stop.abort(reason);
    } else if (!abort.signal.aborted) {
      abort.abort(reason);
      onSecond?.(signal);
    }
  };
  for (const signal of END_SIGNALS) source.on(signal, listener);
  return {
    stop: stop.signal,
    abort: abort.signal,
    received: () => first,
    dispose: () => {
      for (const signal of END_SIGNALS) source.off(signal, listener);
    },
  };
}
