/** What a page says while it is not told what changes: what is wrong, how old what it shows is, what becomes of it, what one can do. */
import { useNow, type Loaded } from '../live.ts';
import type { Stream } from '../stream.ts';
import { remedyOf, sentence, type Trouble } from '../trouble.ts';
import { ago } from '../words.ts';

export function StreamTrouble({ stream: { trouble, toldAtMs, again } }: { stream: Stream }) {
  return trouble ? <Told trouble={trouble} toldAtMs={toldAtMs} again={again} /> : null;
}

/** Of what is asked for again and again: what is shown was answered before. Where nothing was, the page says so itself. */
export function LoadTrouble({ loaded: { data, trouble, toldAtMs, reload } }: { loaded: Loaded<unknown> }) {
  return trouble && data !== undefined ? <Told trouble={trouble} toldAtMs={toldAtMs} again={reload} /> : null;
}

function Told({ trouble: { error, againAtMs }, toldAtMs, again }: { trouble: Trouble; toldAtMs: number; again: () => void }) {
  const now = useNow();
  const isLost = error.code === 'unavailable';
  const next = isLost || againAtMs === undefined ? '' : `It is tried again in ${Math.max(1, Math.ceil((againAtMs - now) / 1_000))} s.`;
  return (
    <div class={isLost || againAtMs !== undefined ? 'failed is-held' : 'failed'} role="group" aria-label="Not live">
      <div>
        <p role="alert">
          <b>Not live.</b> {sentence(error.message)} {remedyOf(error)} {isLost ? 'The page goes on by itself.' : ''}
        </p>
        {/* Anew every second: not for whoever has it read out. */}
        <small>
          {toldAtMs > 0 ? `What is shown was told ${ago(toldAtMs, now)}. ` : ''}
          {next}
        </small>
      </div>
      <button type="button" onClick={again}>
        Try now
      </button>
    </div>
  );
}
