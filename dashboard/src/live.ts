/** What a page shows of the coordinator: asked for, and asked again. */
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { asCallError, type CallError } from './api.ts';
import { againMs, type Trouble } from './trouble.ts';

export interface Loaded<T> {
  /** What was answered last; stays while the same is asked again. */
  data: T | undefined;
  /** When that was; 0: nothing yet. */
  toldAtMs: number;
  /** Why it was not answered when it was last asked for. */
  error: CallError | undefined;
  trouble: Trouble | undefined;
  reload: () => void;
}

interface State<T> {
  key: string | undefined;
  data?: T;
  toldAtMs: number;
  trouble?: Trouble;
}

/**
 * Asks, and asks again `everyMs` after an answer, as long as somebody looks. `key` names what is asked for: with another one the old answer is
 * gone. Without a key nothing is asked. 0: not again once it is answered. Where another answer cannot be hoped for, only `reload` asks again.
 */
export function useLoaded<T>(
  key: string | undefined,
  load: (signal: AbortSignal) => Promise<T>,
  everyMs: number | ((last: T | undefined) => number) = 0,
): Loaded<T> {
  const [state, setState] = useState<State<T>>({ key, toldAtMs: 0 });
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
    let failures = 0;
    let isDue = false;
    const next = (error?: CallError): number | undefined => {
      const every = pause.current;
      const waitMs = againMs(typeof every === 'function' ? every(last) : every, failures, error);
      if (waitMs !== undefined) timer = setTimeout(onDue, waitMs);
      return waitMs;
    };
    const ask = async (): Promise<void> => {
      isDue = false;
      try {
        const data = await latest.current(abort.signal);
        if (abort.signal.aborted) return;
        [last, failures] = [data, 0];
        setState({ key, data, toldAtMs: Date.now() });
        next();
      } catch (thrown) {
        if (abort.signal.aborted) return;
        const error = asCallError(thrown);
        failures += 1;
        const waitMs = next(error);
        const trouble = { error, againAtMs: waitMs === undefined ? undefined : Date.now() + waitMs };
        setState((before) => ({ ...(before.key === key ? before : { key, toldAtMs: 0 }), trouble }));
      }
    };
    // Nobody looks: the next answer is for who comes back. The first one is there by then.
    const onDue = (): void => {
      if (document.hidden) isDue = true;
      else void ask();
    };
    const onSeen = (): void => {
      if (isDue && !document.hidden) void ask();
    };
    document.addEventListener('visibilitychange', onSeen);
    void ask();
    return () => {
      abort.abort();
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', onSeen);
    };
  }, [key, isRepeated, turn]);
  const reload = useCallback(() => setTurn((n) => n + 1), []);
  const { data, toldAtMs, trouble }: State<T> = state.key === key ? state : { key, toldAtMs: 0 };
  return { data, toldAtMs, error: trouble?.error, trouble, reload };
}

/** The page's own clock now, or when it was told last what happens: no rate is made of silence. */
export function useLastLive(isLive: boolean): number {
  const at = useRef(performance.now());
  if (isLive) at.current = performance.now();
  return at.current;
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
