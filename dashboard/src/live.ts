/** What a page shows of the coordinator: asked for, and asked again. */
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { CallError } from './api.ts';

export interface Loaded<T> {
  /** What was answered last; stays while the same is asked again. */
  data: T | undefined;
  error: CallError | undefined;
  reload: () => void;
}

const asCallError = (error: unknown): CallError =>
  error instanceof CallError ? error : new CallError({ code: 'internal', message: `This page failed: ${String(error)}` });

/**
 * Asks, and asks again `everyMs` after an answer, as long as somebody looks. `key` names what is asked for: with another one the old answer is
 * gone. Without a key nothing is asked. 0: not again.
 */
export function useLoaded<T>(
  key: string | undefined,
  load: (signal: AbortSignal) => Promise<T>,
  everyMs: number | ((last: T | undefined) => number) = 0,
): Loaded<T> {
  const [state, setState] = useState<{ key: string | undefined; data?: T; error?: CallError }>({ key });
  const [turn, setTurn] = useState(0);
  const latest = useRef(load);
  latest.current = load;
  const pause = useRef(everyMs);
  pause.current = everyMs;
  const isRepeated = everyMs !== 0;
  useEffect(() => {
    if (key === undefined) return;
    const abort = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    let last: T | undefined;
    const ask = async (): Promise<void> => {
      // Nobody looks: the next answer is for who comes back.
      if (!document.hidden || turn > 0) {
        try {
          const data = await latest.current(abort.signal);
          last = data;
          if (!abort.signal.aborted) setState({ key, data });
        } catch (error) {
          if (!abort.signal.aborted)
            setState((before) => ({
              key,
              ...(before.key === key && before.data !== undefined && { data: before.data }),
              error: asCallError(error),
            }));
        }
      }
      const again = pause.current;
      if (again !== 0 && !abort.signal.aborted) timer = setTimeout(() => void ask(), typeof again === 'function' ? again(last) : again);
    };
    void ask();
    return () => {
      abort.abort();
      clearTimeout(timer);
    };
  }, [key, isRepeated, turn]);
  const reload = useCallback(() => setTurn((n) => n + 1), []);
  const isCurrent = state.key === key;
  return { data: isCurrent ? state.data : undefined, error: isCurrent ? state.error : undefined, reload };
}

/** The time, told anew every second, for ages and rates. */
export function useNow(everyMs = 1_000): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}
