/** What has come of a command: told beside its button, which is off until then. */
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';

export interface Outcome {
  /** In the place where it is told; null: nothing is. */
  told: VNode | null;
  isBusy: boolean;
  /** Another one is asked for: what was told before goes. */
  clear: () => void;
  /** `work` says in words how it ended. */
  follow: (work: Promise<string>) => void;
}

/** `onDone`: what is shown may be another one now. */
export function useOutcome(onDone: () => void): Outcome {
  const [text, setText] = useState('');
  const [isBusy, setBusy] = useState(false);
  return {
    told:
      text === '' ? null : (
        <span class="told" role="status">
          {text}
        </span>
      ),
    isBusy,
    clear: () => setText(''),
    follow: (work) => {
      setText('…');
      setBusy(true);
      void work
        .catch((error: unknown) => (error instanceof Error ? error.message : String(error)))
        .then((ended) => {
          setText(ended);
          setBusy(false);
          onDone();
        });
    },
  };
}
