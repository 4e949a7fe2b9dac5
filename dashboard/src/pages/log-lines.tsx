/** Lines as they come: of an evaluation, of a task or sample of it, or of an agent. Texts are text here, never anything else. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { ComponentChildren } from 'preact';
import { LINE_LEVELS, type LineLevel, type LogLine } from '../../../shared/domain/log-line.ts';
import type { CallError } from '../api.ts';
import { NO_LINES, withLines, type Held, type ToldLines } from '../held-lines.ts';
import { ChoiceFilter, Filters, TextFilter } from '../kit/filters.tsx';
import { Empty, Loading } from '../kit/parts.tsx';
import { StreamTrouble } from '../kit/stream-trouble.tsx';
import { useStream } from '../stream.ts';
import { sentence } from '../trouble.ts';
import { moment, plural } from '../words.ts';

export interface LogLinesProps {
  /** Of the stream, with all that is asked. */
  readonly path: string;
  /** Its events have ids. */
  readonly goesOn: boolean;
  readonly query: URLSearchParams;
  /** Nothing more comes. */
  readonly isOver?: boolean;
  /** Filters beside text and level. */
  readonly filters?: ComponentChildren;
  /** What a line is about, before its text. */
  readonly about?: (line: LogLine) => ComponentChildren;
  /** Lines are of several agents. */
  readonly hasAgents?: boolean;
  /** What there would be. */
  readonly empty: string;
}

export function LogLines({ path, goesOn, query, isOver = false, filters, about, hasAgents = false, empty }: LogLinesProps) {
  const [shown, setShown] = useState<Held>(NO_LINES);
  const room = useRef<HTMLDivElement>(null);
  useEffect(() => setShown(NO_LINES), [path]);
  const stream = useStream(path, ['lines'], (data) => setShown((held) => withLines(held, data as ToldLines)), { goesOn });
  // Whoever reads at the end goes on there; whoever has scrolled away stays where he is.
  const isAtEnd = useRef(true);
  useEffect(() => {
    if (isAtEnd.current && room.current) room.current.scrollTop = room.current.scrollHeight;
  }, [shown]);
  const look = (): void => {
    const { scrollTop, scrollHeight, clientHeight } = room.current!;
    isAtEnd.current = scrollHeight - scrollTop - clientHeight < 24;
  };
  // There are none of it, or nothing is called so: that is no fault of the stream.
  const refused = stream.trouble && NO_FAULTS.has(stream.trouble.error.code) ? stream.trouble.error : undefined;
  // What comes first stands for all lines that there are; a coordinator that looks for them for long answers before it has them.
  const isTold = stream.toldAtMs > 0;
  const isFiltered = ['text', 'level', 'agent', 'task', 'unit'].some((name) => (query.get(name) ?? '') !== '');
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
        {filters}
        <span class="told" role="status">
          {plural(shown.lines.length, 'line')}
          {stream.isOpen && !isOver ? ', live' : ''}
          {shown.leftOut ? '; older ones are left out' : ''}
        </span>
      </Filters>
      {refused ? null : <StreamTrouble stream={stream} />}
      {shown.lines.length > 0 ? (
        <div class={hasAgents ? 'log-room' : 'log-room is-of-one'} ref={room} onScroll={look} tabIndex={0} role="log" aria-label="Lines">
          {shown.lines.map((line) => (
            <p key={line.place} class="log-line">
              <time title={moment(line.timeMs)}>{moment(line.timeMs).slice(11)}</time>
              <span class={`level ${TONES[line.level]}`}>{line.level}</span>
              {hasAgents ? <span class="log-agent">{line.agent}</span> : null}
              <span class="log-text">
                {about?.(line)} {line.text}
              </span>
            </p>
          ))}
        </div>
      ) : stream.isOpen && !isTold ? (
        <Empty title="None so far.">
          <p role="status">The coordinator looks for them.</p>
        </Empty>
      ) : refused || (isTold && !stream.trouble) ? (
        <Empty title="No lines.">
          <p>{refused ? whyOf(refused) : isFiltered ? 'None fits these filters.' : empty}</p>
        </Empty>
      ) : (
        <Loading rows={4} />
      )}
    </section>
  );
}

const NO_FAULTS = new Set(['not_found', 'invalid']);
const whyOf = ({ message, faults }: CallError): string =>
  sentence(faults.length > 0 ? faults.map(({ problem }) => problem).join('; ') : message);

const TONES: Readonly<Record<LineLevel, string>> = { debug: 'tone-off', info: 'tone-work', warn: 'tone-held', error: 'tone-bad' };
