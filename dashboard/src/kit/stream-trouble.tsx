/** What a page says while its events do not come: what is wrong, how old what it shows is, what becomes of it, what one can do. */
import { useNow } from '../live.ts';
import type { Stream } from '../stream.ts';
import { remedyOf, sentence } from '../trouble.ts';
import { ago } from '../words.ts';

export function StreamTrouble({ stream: { trouble, toldAtMs, again } }: { stream: Stream }) {
  return trouble ? <Told trouble={trouble} toldAtMs={toldAtMs} again={again} /> : null;
}

function Told({
  trouble: { error, againAtMs },
  toldAtMs,
  again,
}: {
  trouble: NonNullable<Stream['trouble']>;
  toldAtMs: number;
  again: () => void;
}) {
  const now = useNow();
  const isLost = error.code === 'unavailable';
  const next = isLost
    ? 'The page goes on by itself.'
    : againAtMs === undefined
      ? ''
      : `It is tried again in ${Math.max(1, Math.ceil((againAtMs - now) / 1_000))} s.`;
  return (
    <div class={isLost || againAtMs !== undefined ? 'failed is-held' : 'failed'} role="alert">
      <p>
        <b>Not live.</b> {sentence(error.message)} {remedyOf(error)}
        <small>
          {toldAtMs > 0 ? `What is shown was told ${ago(toldAtMs, now)}. ` : ''}
          {next}
        </small>
      </p>
      <button type="button" onClick={again}>
        Try now
      </button>
    </div>
  );
}
