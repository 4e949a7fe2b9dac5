/** Agents that were seen within the last day: what they can, and what they do. */
import { agentState, agentWord, suspensions } from '../../../shared/domain/agent-words.ts';
import { AGENT_STATES, type Agent } from '../../../shared/client/agent-types.ts';
import type { Page } from '../../../shared/client/types.ts';
import { api, queryText } from '../api.ts';
import { ChoiceFilter, Filters, TextFilter } from '../kit/filters.tsx';
import { Pager } from '../kit/pager.tsx';
import { Empty, Failed, Head, Loading } from '../kit/parts.tsx';
import { Badge, toneOf } from '../kit/state.tsx';
import { LoadTrouble } from '../kit/stream-trouble.tsx';
import { Table, type Column } from '../kit/table.tsx';
import { useLoaded, useNow } from '../live.ts';
import { pairAsked, pairProblem } from '../pairs.ts';
import { isWhole, ofPage } from '../sorted.ts';
import { ago, count, plural, some } from '../words.ts';

const EVERY_MS = 2_000;

const STATES = [['', 'Any state'], ...AGENT_STATES.map((s) => [s, s === 'draining' ? 'draining or drained' : s] as const)] as const;

export function AgentsPage({ query }: { query: URLSearchParams }) {
  const asked = {
    states: query.get('state') ?? '',
    model: query.get('model') ?? '',
    ...pairAsked(query.get('label'), 'labels'),
    pageToken: query.get('page') ?? '',
    pageSize: 100,
  };
  const loaded = useLoaded(`agents ${queryText(asked)}`, (signal) => api.get<Page<Agent>>('/agents', asked, signal), EVERY_MS);
  const { data, error, reload } = loaded;
  const now = useNow();
  const agents = data?.items ?? [];
  const there = agents.filter(({ state }) => state !== 'gone');
  const isFiltered = query.has('state') || query.has('model') || query.has('label');
  return (
    <>
      <Head
        title="Agents"
        sub={
          data
            ? `${plural(there.length, 'agent')} connected, ${plural(
                there.reduce((sum, a) => sum + a.samples, 0),
                'sample',
              )} in hand${ofPage(data, query)}`
            : ' '
        }
      />
      <Filters>
        <TextFilter name="model" label="Could serve a model" query={query} isMain />
        <TextFilter name="label" label="Label" query={query} without="zone=eu" problemOf={pairProblem} />
        <ChoiceFilter name="state" label="State" query={query} options={STATES} />
      </Filters>
      {error && !data ? <Failed error={error} retry={reload} /> : null}
      <LoadTrouble loaded={loaded} />
      {!data && !error ? <Loading /> : null}
      {data && agents.length === 0 ? (
        <Empty title={isFiltered ? 'No agent fits these filters.' : 'No agent was seen within the last day.'}>
          {isFiltered ? null : (
            <p>
              <code>assay agent --config FILE</code> connects one.
            </p>
          )}
        </Empty>
      ) : null}
      {agents.length > 0 ? (
        <Table
          isList
          label="Agents"
          columns={columnsOf(now)}
          rows={agents}
          keyOf={({ agentId }) => agentId}
          {...(isWhole(data, query) ? { sorting: { query } } : { order: 'By name, in pages.' })}
        />
      ) : null}
      <Pager nextToken={data?.nextToken ?? ''} query={query} />
    </>
  );
}

const labelsOf = (labels: Record<string, string>): string =>
  Object.entries(labels)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');

const columnsOf = (now: number): Column<Agent>[] => [
  { title: 'State', by: agentState, cell: (a) => <StandingWhy agent={a} /> },
  {
    title: 'Name',
    by: (a) => a.name,
    grows: true,
    cell: (a) => (
      <span class="two">
        <a href={`/agents/${encodeURIComponent(a.agentId)}`}>{a.name}</a>
        <small>{a.reason || labelsOf(a.labels)}</small>
      </span>
    ),
  },
  {
    title: 'Models',
    by: (a) => a.models.map(({ match }) => match).join(' '),
    from: 'wide',
    cell: (a) =>
      some(
        a.models.map(({ match }) => match),
        3,
      ),
  },
  { title: 'Load', by: (a) => (a.state === 'gone' ? undefined : a.samples), cell: (a) => <Load agent={a} /> },
  { title: 'Counted', right: true, by: (a) => a.counted, cell: (a) => count(a.counted) },
  {
    title: 'Errored',
    right: true,
    from: 'middle',
    by: (a) => a.errored,
    cell: (a) => (a.errored > 0 ? count(a.errored) : <span class="faint">0</span>),
  },
  { title: 'Version', from: 'wide', by: (a) => a.version, cell: (a) => a.version },
  { title: 'Seen', right: true, from: 'middle', by: (a) => a.seenAtMs, cell: (a) => ago(a.seenAtMs, now) },
];

/** One that takes nothing, or nothing for some of its models, is not well. */
export const Standing = ({ agent }: { agent: Agent }) => (
  <Badge tone={suspensions(agent) !== '' ? 'held' : agent.quarantined ? 'bad' : toneOf(agent.state)}>{agentWord(agent)}</Badge>
);

function StandingWhy({ agent }: { agent: Agent }) {
  const reasons = suspensions(agent);
  return reasons === '' ? (
    <Standing agent={agent} />
  ) : (
    <span class="two">
      <Standing agent={agent} />
      <small class="name">{reasons}</small>
    </span>
  );
}

/** Samples that it holds, and the calls that it makes at a time: those beyond them wait with it, so that no connection does. */
export function Load({ agent: { models, samples, state } }: { agent: Agent }) {
  const connections = models.reduce((sum, m) => sum + (m.connections ?? m.maxConnections), 0);
  if (state === 'gone') return <span class="faint">–</span>;
  const text = `${plural(samples, 'sample')} in hand, ${plural(connections, 'call')} at a time`;
  return (
    <span class="progress">
      <span class="bar" role="img" aria-label={text} title={text}>
        <i class="unit-busy" style={{ width: `${Math.min(100, (100 * samples) / Math.max(1, connections))}%` }} />
      </span>
      <small>
        {count(samples)} in hand, {count(connections)} at a time
      </small>
    </span>
  );
}
