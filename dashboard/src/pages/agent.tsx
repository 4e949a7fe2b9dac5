/** One agent: what it is, what it serves, what it holds; it can be drained. */
import { useState } from 'preact/hooks';
import type { Agent, AgentModel, HeldAttempt } from '../../../shared/client/agent-types.ts';
import type { AgentWithAttempts } from '../../../shared/http/answers.ts';
import { may } from '../allowed.ts';
import { api, problemOf } from '../api.ts';
import { Ask, Empty, Facts, Failed, Figure, Head, Id, Loading, Panel } from '../kit/parts.tsx';
import { LoadTrouble } from '../kit/stream-trouble.tsx';
import { Withheld } from '../kit/withheld.tsx';
import { Table, type Column } from '../kit/table.tsx';
import { Way } from '../kit/way.tsx';
import { useLoaded, useNow } from '../live.ts';
import { useWho } from '../who.ts';
import { ago, count, duration, moment, plural } from '../words.ts';
import { AgentLogs } from './agent-logs.tsx';
import { Load, Standing } from './agents.tsx';
import { logsOf, taskNumber } from './logs-part.tsx';

export function AgentPage({ agentId, query }: { agentId: string; query: URLSearchParams }) {
  const path = `/agents/${encodeURIComponent(agentId)}`;
  const loaded = useLoaded(path, (signal) => api.get<AgentWithAttempts>(path, {}, signal), 2_000);
  const { data, error, reload } = loaded;
  const now = useNow();
  if (!data)
    return (
      <>
        <Head title={agentId} isEarly={!error} />
        {error ? <Failed error={error} retry={reload} /> : <Loading />}
      </>
    );
  const { agent, attempts } = data;
  return (
    <>
      <Head
        title={agent.name}
        sub={
          <>
            <Standing agent={agent} />
            <Id id={agent.agentId} />
            <span>seen {ago(agent.seenAtMs, now)}</span>
          </>
        }
        actions={<Drain agent={agent} path={path} onDone={reload} />}
      />
      <LoadTrouble loaded={loaded} />
      {agent.reason === '' ? null : <p class="why-state">{agent.reason}</p>}
      <section class="strip" aria-label="At work">
        <div class="figures">
          <Figure name="In hand" value={count(agent.samples)} more={plural(agent.attempts, 'task')} />
          <Figure name="Load" value={<Load agent={agent} />} />
          <Figure name="Counted" value={count(agent.counted)} more="since it connected" />
          <Figure
            name="Errored"
            value={count(agent.errored)}
            more={agent.refused > 0 ? `${count(agent.refused)} refused` : 'nothing refused'}
          />
        </div>
      </section>
      <div class="columns">
        <div>
          <Panel title="Models">
            <Table label="Models" columns={MODELS} rows={agent.models} keyOf={({ match }) => match} isList />
          </Panel>
          <Panel title="Tasks at work">
            {attempts.length === 0 ? (
              <Empty title="It holds nothing now." />
            ) : (
              <Table label="Tasks at work" columns={tasks(now, agent.agentId)} rows={attempts} keyOf={({ attemptId }) => attemptId} />
            )}
          </Panel>
        </div>
        <Panel title="Facts">
          <Facts
            rows={[
              ['Version', `${agent.version}, protocol ${agent.wireVersion}`],
              ['Namespaces', agent.namespaces === '*' ? 'all' : agent.namespaces.join(', ')],
              ['Labels', pairs(agent.labels)],
              ['Capabilities', agent.capabilities.join(', ')],
              ['Host', pairs(agent.host)],
              ['Coordinator', agent.coordinatorId],
              ['From', agent.peer],
              ['Known by', agent.proof],
              ['Connected', moment(agent.connectedAtMs)],
            ]}
          />
        </Panel>
      </div>
      <AgentLogs path={path} query={query} />
    </>
  );
}

const pairs = (values: Record<string, string>): string =>
  Object.entries(values)
    .map(([name, value]) => `${name}=${value}`)
    .join(', ');

const MODELS: readonly Column<AgentModel>[] = [
  { title: 'Serves', grows: true, cell: (m) => m.match },
  {
    title: 'Connections',
    right: true,
    cell: (m) => (m.connections === undefined ? count(m.maxConnections) : `${count(m.connections)} of ${count(m.maxConnections)}`),
  },
  { title: 'Room', right: true, cell: (m) => count(m.room) },
  { title: 'Takes none', cell: (m) => m.suspended || <span class="faint">–</span> },
];

const TaskLink = ({ task: { taskId, evaluationId } }: { task: HeldAttempt }) => (
  <Way href={logsOf(evaluationId, { task: taskNumber(taskId) ?? 0 })} title="What was told of it">
    <code>{taskId}</code>
  </Way>
);

const tasks = (now: number, agentId: string): Column<HeldAttempt>[] => [
  { title: 'Task', grows: true, cell: (a) => <TaskLink task={a} /> },
  {
    title: 'Evaluation',
    cell: (a) => (
      <span class="two">
        <Way href={`/evaluations/${a.evaluationId}`}>{a.evaluationId.slice(0, 11)}…</Way>
        <small>
          <Way href={`/evaluations/${a.evaluationId}/samples?agent=${encodeURIComponent(agentId)}`}>what it has run of it</Way>
        </small>
      </span>
    ),
  },
  { title: 'Samples', right: true, cell: (a) => count(a.samples) },
  { title: 'For', right: true, cell: (a) => duration(now - a.sinceMs) },
];

function Drain({ agent, path, onDone }: { agent: Agent; path: string; onDone: () => void }) {
  const [isAsked, setAsked] = useState(false);
  const [problem, setProblem] = useState('');
  const [isBusy, setBusy] = useState(false);
  const undo = agent.quarantined || agent.drainedByOperator;
  const word = undo ? 'Take up again' : 'Drain';
  const isAllowed = may('OperatorService/DrainAgent', useWho());
  const answered = (isYes: boolean): void => {
    setAsked(false);
    if (!isYes) return;
    setBusy(true);
    api
      .post(`${path}/drain`, { undo })
      .then(
        () => {
          setProblem('');
          onDone();
        },
        (error: unknown) => setProblem(problemOf(error)),
      )
      .finally(() => setBusy(false));
  };
  return (
    <>
      {problem === '' ? null : (
        <span class="told is-bad" role="alert">
          {problem}
        </span>
      )}
      <Withheld commands={[[word, 'OperatorService/DrainAgent']]} />
      {isAllowed ? (
        <button type="button" disabled={isBusy} onClick={() => setAsked(true)}>
          {word}
        </button>
      ) : null}
      {isAsked ? (
        <Ask title={undo ? 'Give it work again?' : 'Drain this agent?'} action={word} onAnswer={answered}>
          <p>
            {undo
              ? `${agent.name} is given samples again.`
              : `${agent.name} is given nothing new. What it holds may finish, and is counted.`}
          </p>
        </Ask>
      ) : null}
    </>
  );
}
