/** What agents have told of an evaluation's tasks; while it runs, what comes as it comes. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { LINE_LEVELS, type LineLevel, type LogLine } from '../../../shared/domain/log-line.ts';
import type { LogBatch } from '../../../shared/client/logs.ts';
import { queryText } from '../api.ts';
import { ChoiceFilter, Filters, TextFilter } from '../kit/filters.tsx';
import { Empty, Loading } from '../kit/parts.tsx';
import { StreamTrouble } from '../kit/stream-trouble.tsx';
import { useStream } from '../stream.ts';
import { moment, plural } from '../words.ts';

/** Lines that a page holds; older ones fall away. */
const MOST = 2_000;
const TAIL = 1_000;
const GOES_ON = { goesOn: true };
/** Where nothing has come by then, there is nothing. */
const EMPTY_AFTER_MS = 1_500;

interface Shown {
  lines: (LogLine & { place: number })[];
  leftOut: boolean;
  taken: number;
}

const NONE: Shown = { lines: [], leftOut: false, taken: 0 };

export function LogsPart({ evaluationId, isOver, query }: { evaluationId: string; isOver: boolean; query: URLSearchParams }) {
  const asked = { minLevel: query.get('level') ?? '', agent: query.get('agent') ?? '', text: query.get('text') ?? '', tail: TAIL };
  const path = `/evaluations/${encodeURIComponent(evaluationId)}/logs/events${queryText(asked)}`;
  const [shown, setShown] = useState<Shown>(NONE);
  const [isLate, setLate] = useState(false);
  const room = useRef<HTMLDivElement>(null);
  useEffect(() => {
    setShown(NONE);
    setLate(false);
    const timer = setTimeout(() => setLate(true), EMPTY_AFTER_MS);
    return () => clearTimeout(timer);
  }, [path]);
  const stream = useStream(
    path,
    ['lines'],
    (data) => {
      const { lines, leftOut } = data as LogBatch;
      setShown((before) => ({
        lines: [...before.lines, ...lines.map((line, i) => ({ ...line, place: before.taken + i }))].slice(-MOST),
        leftOut: before.leftOut || leftOut || before.lines.length + lines.length > MOST,
        taken: before.taken + lines.length,
      }));
    },
    GOES_ON,
  );
  // Whoever reads at the end goes on there; whoever has scrolled away stays where he is.
  const isAtEnd = useRef(true);
  useEffect(() => {
    if (isAtEnd.current && room.current) room.current.scrollTop = room.current.scrollHeight;
  }, [shown]);
  const look = (): void => {
    const { scrollTop, scrollHeight, clientHeight } = room.current!;
    isAtEnd.current = scrollHeight - scrollTop - clientHeight < 24;
  };
  return (
    <section class="logs" aria-label="Logs">
      <Filters>
        <TextFilter name="text" label="Text" query={query} isMain />
        <ChoiceFilter
          name="level"
          label="Level"
          query={query}
          options={[['', 'Any level'], ...LINE_LEVELS.slice(1).map((l) => [l, `${l} and more`] as const)]}
        />
        <TextFilter name="agent" label="Agent" query={query} />
        <span class="told" role="status">
          {plural(shown.lines.length, 'line')}
          {stream.isOpen && !isOver ? ', live' : ''}
          {shown.leftOut ? '; older ones are left out' : ''}
        </span>
      </Filters>
      <StreamTrouble stream={stream} />
      {shown.lines.length === 0 ? (
        isLate && !stream.trouble ? (
          <Empty title="No lines.">
            <p>Agents tell of calls that failed, of waits, and of tasks that were given back.</p>
          </Empty>
        ) : (
          <Loading rows={4} />
        )
      ) : (
        <div class="log-room" ref={room} onScroll={look} tabIndex={0} role="log" aria-label="Lines">
          {shown.lines.map((line) => (
            <p key={line.place} class="log-line">
              <time>{moment(line.timeMs).slice(11)}</time>
              <span class={`level ${TONES[line.level]}`}>{line.level}</span>
              <span class="log-agent">{line.agent}</span>
              <span class="log-text">
                {line.unit === undefined ? '' : <a href={`/evaluations/${evaluationId}/samples/${line.unit}`}>unit {line.unit}</a>}{' '}
                {line.text}
              </span>
            </p>
          ))}
        </div>
      )}
    </section>
  );
}

const TONES: Readonly<Record<LineLevel, string>> = { debug: 'tone-off', info: 'tone-work', warn: 'tone-held', error: 'tone-bad' };
