/** Answers that are made while somebody looks: how far they are, and then what came out. */
import { useCallback, useEffect, useState } from 'preact/hooks';
import { api, asCallError, type CallError } from './api.ts';

export interface Stepped<T> {
  /** The last that was told. */
  step: T | undefined;
  /** The same, letter by letter. */
  exact: string;
  isOver: boolean;
  error: CallError | undefined;
  /** Makes it anew. */
  again: () => void;
}

type Told<T> = Omit<Stepped<T>, 'again'>;

const NOTHING = { step: undefined, exact: '', isOver: false, error: undefined };

/** Without a path nothing is made. Whoever leaves breaks it off. */
export function useSteps<T>(path: string | undefined): Stepped<T> {
  const [told, setTold] = useState<Told<T>>(NOTHING);
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    setTold(NOTHING);
    if (path === undefined) return;
    const left = new AbortController();
    const tell = (change: Partial<Told<T>>): void => {
      if (!left.signal.aborted) setTold((before) => ({ ...before, ...change }));
    };
    api
      .steps<T>(path, left.signal, (step, exact) => tell({ step, exact }))
      .then(
        () => tell({ isOver: true }),
        (error: unknown) => tell({ error: asCallError(error) }),
      );
    return () => left.abort();
  }, [path, turn]);
  const again = useCallback(() => setTurn((n) => n + 1), []);
  return { ...told, again };
}
