/** One route: why its work does not run, what each agent lacks, how long its tasks wait, and what it was before. */
import { useState } from 'preact/hooks';
import type { RouteAgent, Waits, WhyRoute } from '../../../shared/client/why.ts';
import { api } from '../api.ts';
import { Empty, Failed, Figure, Head, Id, Loading, Panel } from '../kit/parts.tsx';
import { Badge, State } from '../kit/state.tsx';
import { LoadTrouble } from '../kit/stream-trouble.tsx';
import { Table, type Column } from '../kit/table.tsx';
import { Way } from '../kit/way.tsx';
import { useLoaded } from '../live.ts';
import { count, duration, plural } from '../words.ts';
import { PauseRoute, stateOf } from './routes.tsx';
import { HistoryPart } from './why-history.tsx';
import { One } from './why-part.tsx';

export function RoutePage({ routeId }: { routeId: string }) {
  const path = `/routes/${encodeURIComponent(routeId)}/why`;
  const loaded = useLoaded(path, (signal) => api.get<WhyRoute>(path, { history: true }, signal), 2_000);
  const { data, error, reload } = loaded;
  const [told, setTold] = useState('');
  if (!data)
    return (
      <>
        <Head title={routeId} isEarly={!error} />
        {error ? <Failed error={error} retry={reload} /> : <Loading />}
      </>
    );
  const { route, reasons, agents, agentCount, waiting, waited, history } = data;
  return (
    <>
      <Head
        title={route.requirement}
        sub={
          <>
            {stateOf(route)}
            <Id id={route.route} />
            <span>{route.namespace}</span>
          </>
        }
        actions={
          <>
            {told === '' ? null : (
              <span class="told is-bad" role="alert">
                {told}
              </span>
            )}
            <PauseRoute route={route} onDone={reload} tell={setTold} />
          </>
        }
      />
      <LoadTrouble loaded={loaded} />
      <section class="strip" aria-label="Work">
        <div class="figures">
          <Figure name="Open" value={count(route.open)} more={`${count(route.inFlight)} in flight`} />
          <Figure name="Agents" value={count(route.agents)} more={`of ${count(agentCount)}, room for ${count(route.room)}`} />
          <Figure
            name="Waiting"
            value={count(route.waitingTasks)}
            more={waiting.tasks > 0 ? `${route.waitingTasks === 1 ? 'task' : 'tasks'}, the oldest ${duration(waiting.maxMs)}` : 'tasks'}
          />
          <WaitFigures name="Median wait now" waits={waiting} none="nothing waits" />
          <WaitFigures name="Median, last hour" waits={waited} none="none was given out" />
        </div>
      </section>
      <section class={reasons[0]?.effect === 'blocks' ? 'why is-held' : 'why'} aria-label="Why it waits">
        {reasons.map((reason, i) => (
          <div key={`${reason.code} ${i}`}>
            <One reason={reason} isFirst={i === 0} />
            {reason.evaluationIds.length > 0 ? (
              <p class="reason-evaluations">
                {reason.evaluationIds.slice(0, SHOWN).map((id) => (
                  <Way key={id} href={`/evaluations/${id}`}>
                    {id}
                  </Way>
                ))}
                {reason.evaluationIds.length > SHOWN ? <span>+ {count(reason.evaluationIds.length - SHOWN)} more</span> : null}
              </p>
            ) : null}
          </div>
        ))}
      </section>
      <Panel title="Agents" note={agentCount > agents.length ? `the first ${count(agents.length)} of ${count(agentCount)}` : undefined}>
        {agents.length === 0 ? (
          <Empty title="No agent is connected." />
        ) : (
          <Table label="Agents" columns={AGENTS} rows={agents} keyOf={({ agentId }) => agentId} />
        )}
      </Panel>
      <Panel title="What it was" note={history && history.sinceMs > 0 ? `the newest ${count(history.periods.length)}` : undefined}>
        <HistoryPart history={history} isOfRoute />
      </Panel>
      {route.evaluationIds.length > 0 ? (
        <Panel title="Evaluations" note={plural(route.evaluationIds.length, 'evaluation')}>
          <p class="evaluation-links">
            {route.evaluationIds.map((id) => (
              <Way key={id} href={`/evaluations/${id}`}>
                {id}
              </Way>
            ))}
          </p>
        </Panel>
      ) : null}
    </>
  );
}

/** Of evaluations beside a reason. */
const SHOWN = 5;

const WaitFigures = ({ name, waits, none }: { name: string; waits: Waits; none: string }) =>
  waits.tasks === 0 ? (
    <Figure name={name} value="–" more={none} />
  ) : (
    <Figure name={name} value={duration(waits.p50Ms)} more={`90 % ${duration(waits.p90Ms)}, 99 % ${duration(waits.p99Ms)}`} />
  );

const AGENTS: Column<RouteAgent>[] = [
  { title: 'Fits', cell: (a) => <Badge tone={a.fits ? 'good' : 'off'}>{a.fits ? 'fits' : 'no'}</Badge> },
  { title: 'State', from: 'middle', cell: (a) => <State state={a.state} /> },
  {
    title: 'Agent',
    grows: true,
    cell: (a) => (
      <span class="two is-wrapped">
        <a href={`/agents/${encodeURIComponent(a.agentId)}`}>{a.name}</a>
        <small>{a.text}</small>
      </span>
    ),
  },
  { title: 'Room', right: true, from: 'middle', cell: (a) => (a.fits ? count(a.room) : <span class="faint">–</span>) },
  { title: 'In hand', right: true, from: 'middle', cell: (a) => count(a.samples) },
];
