/** What has come of a command: told beside its button, which is off until then. */
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { problemOf } from '../api.ts';
import { takeFocus, wantFocus } from '../focus.ts';

/** How it ended, in words. */
export interface Ended {
  text: string;
  /** Not all of it was done. */
  isBad: boolean;
}

export interface Outcome {
  /** In the place where it is told; null: nothing is. */
  told: VNode | null;
  isBusy: boolean;
  /** Another one is asked for: what was told before goes. */
  clear: () => void;
  follow: (work: Promise<Ended>) => void;
}

const NOTHING: Ended = { text: '', isBad: false };

/** `onDone`: what is shown may be another one now. */
export function useOutcome(onDone: () => void): Outcome {
  const [{ text, isBad }, setEnded] = useState<Ended>(NOTHING);
  const [isBusy, setBusy] = useState(false);
  const dismiss = (): void => {
    setEnded(NOTHING);
    // Of a button that goes the focus would be nowhere.
    wantFocus();
    takeFocus();
  };
  return {
    told:
      text === '' ? null : (
        <span class={isBad ? 'told is-bad' : 'told'} role={isBad ? 'alert' : 'status'}>
          {text}
          {isBad ? (
            <button type="button" class="quiet" onClick={dismiss}>
              dismiss
            </button>
          ) : null}
        </span>
      ),
    isBusy,
    clear: () => setEnded(NOTHING),
    follow: (work) => {
      setEnded({ text: '…', isBad: false });
      setBusy(true);
      void work
        .catch((error: unknown): Ended => ({ text: problemOf(error), isBad: true }))
        .then((ended) => {
          setEnded(ended);
          setBusy(false);
          onDone();
        });
    },
  };
}
