/** Which agent has worked on which task, and when: a row for each agent, a bar for each attempt, its colour how that went. */
import type { Course, CourseAttempt, CourseAttemptState } from '../../../shared/client/course.ts';
import { lanesOf, ticksOf } from '../lanes.ts';
import { count, duration, moment, plural, two } from '../words.ts';
import { Instead } from './instead.tsx';
import { Table } from './table.tsx';
import { Empty, Panel } from './parts.tsx';
import { Way } from './way.tsx';

/** Agents that are shown; the others are counted. */
const MOST_AGENTS = 30;
/** At the same time on one agent. */
const MOST_LANES = 16;
const LANE_PX = 9;
const LEAST_SPAN_MS = 10_000;

const WORDS: Readonly<Record<CourseAttemptState, string>> = {
  running: 'running',
  done: 'done',
  returned: 'handed back',
  lost: 'lease lost',
  crashed: 'agent crashed',
  over: 'ended',
};
const STATES = Object.keys(WORDS) as CourseAttemptState[];

interface AgentRow {
  agentId: string;
  name: string;
  attempts: CourseAttempt[];
}

/** `isLive`: what has no end goes on. */
export function Timeline({ course, isLive, untilMs }: { course: Course; isLive: boolean; untilMs: number }) {
  const { attempts, attemptsLeftOut } = course;
  if (attempts.length === 0)
    return (
      <Panel title="Tasks by agent">
        <Empty title={isLive ? 'No task has been given to an agent yet.' : 'Nothing is kept of its tasks.'} />
      </Panel>
    );
  const endOf = ({ toMs, fromMs, state }: CourseAttempt): number =>
    toMs > 0 ? toMs : state === 'running' ? Math.max(untilMs, fromMs) : fromMs;
  const from = Math.min(...attempts.map(({ fromMs }) => fromMs));
  const to = Math.max(from + LEAST_SPAN_MS, ...attempts.map(endOf));
  const rows = rowsOf(attempts);
  const shown = rows.slice(0, MOST_AGENTS);
  const place = (ms: number): number => (100 * (ms - from)) / (to - from);
  const counts = STATES.map((state) => [state, attempts.filter((a) => a.state === state).length] as const).filter(([, n]) => n > 0);
  return (
    <Panel
      title="Tasks by agent"
      note={`the last ${plural(attempts.length, 'attempt')}${attemptsLeftOut > 0 ? `; ${count(attemptsLeftOut)} before them are not shown` : ''}`}
    >
      <ul class="legend timeline-legend">
        {counts.map(([state, n]) => (
          <li key={state}>
            <i class={`swatch attempt-${state}`} aria-hidden="true" />
            <b>{count(n)}</b> {WORDS[state]}
          </li>
        ))}
      </ul>
      <div class="timeline" tabIndex={0} role="region" aria-label="Tasks by agent">
        <div class="timeline-axis" aria-hidden="true">
          {ticksOf(from, to, 6)
            .filter((tick) => place(tick) > 2 && place(tick) < 96)
            .map((tick) => (
              <span key={tick} style={{ left: `${place(tick)}%` }}>
                {clockOf(tick, to - from)}
              </span>
            ))}
        </div>
        {shown.map((row) => (
          <Row key={row.agentId} row={row} ticks={ticksOf(from, to, 6)} place={place} endOf={endOf} />
        ))}
      </div>
      {rows.length > shown.length ? <p class="help">{plural(rows.length - shown.length, 'more agent')} not shown.</p> : null}
      <Instead of="tasks by agent">{() => <Attempts attempts={attempts} endOf={endOf} />}</Instead>
    </Panel>
  );
}

/** Those that began last come first. */
const Attempts = ({ attempts, endOf }: { attempts: readonly CourseAttempt[]; endOf: RowProps['endOf'] }) => (
  <Table
    label="Tasks by agent, as a table"
    rows={attempts}
    keyOf={({ taskId, fromMs }) => `${taskId} ${fromMs}`}
    columns={[
      { title: 'Began', cell: ({ fromMs }) => <time>{moment(fromMs)}</time> },
      { title: 'Agent', cell: ({ agent, agentId }) => <Way href={`/agents/${encodeURIComponent(agentId)}`}>{agent || agentId}</Way> },
      { title: 'Task', cell: ({ taskId }) => taskId.slice(taskId.lastIndexOf('-') + 1) },
      { title: 'Model', cell: ({ model }) => model },
      { title: 'Samples', right: true, cell: ({ samples }) => count(samples) },
      {
        title: 'Took',
        right: true,
        cell: (a) => (a.toMs > 0 || a.state === 'running' ? duration(endOf(a) - a.fromMs) : <span class="faint">–</span>),
      },
      { title: 'How it ended', cell: ({ state }) => WORDS[state] },
    ]}
  />
);

interface RowProps {
  row: AgentRow;
  ticks: readonly number[];
  place: (ms: number) => number;
  endOf: (attempt: CourseAttempt) => number;
}

function Row({ row: { agentId, name, attempts }, ticks, place, endOf }: RowProps) {
  const lanes = lanesOf(
    attempts.map((a) => ({ fromMs: a.fromMs, toMs: endOf(a) })),
    MOST_LANES,
  );
  const height = Math.max(1, ...lanes.map((lane) => (lane ?? 0) + 1)) * LANE_PX;
  const hidden = lanes.filter((lane) => lane === undefined).length;
  const told = STATES.map((state) => [state, attempts.filter((a) => a.state === state).length] as const)
    .filter(([, n]) => n > 0)
    .map(([state, n]) => `${count(n)} ${WORDS[state]}`)
    .join(', ');
  return (
    <div class="timeline-row">
      <div class="timeline-agent">
        <Way href={`/agents/${encodeURIComponent(agentId)}`}>{name}</Way>
        <small>
          {plural(attempts.length, 'task')}
          {hidden > 0 ? `, ${count(hidden)} of them hidden by others` : ''}
        </small>
      </div>
      <div class="timeline-room" style={{ height: `${height + 8}px` }} role="img" aria-label={`${name}: ${told}`}>
        {ticks.map((tick) => (
          <i key={tick} class="timeline-tick" style={{ left: `${place(tick)}%` }} />
        ))}
        {attempts.map((attempt, i) =>
          lanes[i] === undefined ? null : (
            <i
              key={`${attempt.taskId} ${attempt.fromMs}`}
              class={`timeline-bar attempt-${attempt.state}`}
              style={{
                left: `${place(attempt.fromMs)}%`,
                width: `${place(endOf(attempt)) - place(attempt.fromMs)}%`,
                top: `${lanes[i] * LANE_PX + 4}px`,
              }}
              title={titleOf(attempt, endOf(attempt))}
            />
          ),
        )}
      </div>
    </div>
  );
}

function rowsOf(attempts: readonly CourseAttempt[]): AgentRow[] {
  const agents = Map.groupBy(attempts, ({ agentId }) => agentId);
  return [...agents]
    .map(([agentId, own]) => ({ agentId, name: own[0]!.agent || agentId, attempts: own }))
    .toSorted((a, b) => a.name.localeCompare(b.name));
}

const titleOf = ({ taskId, model, samples, state, fromMs, toMs }: CourseAttempt, endMs: number): string =>
  [
    `task ${taskId.slice(taskId.lastIndexOf('-') + 1)}, ${plural(samples, 'sample')} of ${model}`,
    `${WORDS[state]}${toMs > 0 || state === 'running' ? ` after ${duration(endMs - fromMs)}` : ''}`,
    clockOf(fromMs, 0),
  ].join('\n');

function clockOf(ms: number, spanMs: number): string {
  const d = new Date(ms);
  const time = `${two(d.getHours())}:${two(d.getMinutes())}${spanMs < 600_000 ? `:${two(d.getSeconds())}` : ''}`;
  return spanMs > 86_400_000 ? `${d.getMonth() + 1}-${d.getDate()} ${time}` : time;
}
