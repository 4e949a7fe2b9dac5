/** What agents have told of an evaluation's tasks, or of one task or sample of it; while it runs, what comes as it comes. */
import type { LogLine } from '../../../shared/domain/log-line.ts';
import { queryText } from '../api.ts';
import { TextFilter } from '../kit/filters.tsx';
import { LogLines } from './log-lines.tsx';

const TAIL = 1_000;

export function LogsPart({ evaluationId, isOver, query }: { evaluationId: string; isOver: boolean; query: URLSearchParams }) {
  const value = (name: string): string => (query.get(name) ?? '').trim();
  const task = value('task');
  const of = task === '' ? `/evaluations/${encodeURIComponent(evaluationId)}` : `/tasks/${encodeURIComponent(taskOf(evaluationId, task))}`;
  const asked = { minLevel: value('level'), agent: value('agent'), unit: value('unit'), text: query.get('text') ?? '', tail: TAIL };
  return (
    <LogLines
      path={`${of}/logs/events${queryText(asked)}`}
      goesOn
      query={query}
      isOver={isOver}
      hasAgents
      filters={
        <>
          <TextFilter name="agent" label="Agent" query={query} />
          <TextFilter name="task" label="Task" query={query} />
          <TextFilter name="unit" label="Unit" query={query} />
        </>
      }
      about={(line) => <About line={line} evaluationId={evaluationId} />}
      empty="Agents tell of calls that failed, of waits, and of tasks that were given back."
    />
  );
}

/** Its number is enough; the whole id is as good. */
const taskOf = (evaluationId: string, typed: string): string => (/^\d+$/.test(typed) ? `${evaluationId}-${typed}` : typed);

/** Where the lines of a task or of a sample are. */
export const logsOf = (evaluationId: string, of: { task: number } | { unit: number }): string =>
  `/evaluations/${evaluationId}/logs${queryText(of)}`;

/** The last part of a task's id; undefined: it is none. */
export function taskNumber(taskId: string): number | undefined {
  const digits = /-(\d{1,10})$/.exec(taskId)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

function About({ line: { taskId, unit }, evaluationId }: { line: LogLine; evaluationId: string }) {
  const task = taskNumber(taskId);
  return (
    <>
      {task === undefined ? null : (
        <a class="log-task" href={logsOf(evaluationId, { task })} title={taskId}>
          task {task}
        </a>
      )}{' '}
      {unit === undefined ? null : <a href={`/evaluations/${evaluationId}/samples/${unit}`}>unit {unit}</a>}
    </>
  );
}
