/** What operators want to know: alerts that are open, and what began, ended and happened. */
import type { EventPage, IncidentEvent, IncidentWords, OngoingIncident } from '../../../shared/client/event-types.ts';
import type { WhoAmI } from '../../../shared/client/identity-types.ts';
import { EVENT_STATUSES, KIND_NAMES, SEVERITIES, type EventStatus, type Severity } from '../../../shared/domain/incident-kinds.ts';
import { api, queryText } from '../api.ts';
import { ChoiceFilter, Filters, TextFilter } from '../kit/filters.tsx';
import { Pager } from '../kit/pager.tsx';
import { Empty, Failed, Head, Loading, Panel } from '../kit/parts.tsx';
import { Badge, type Tone } from '../kit/state.tsx';
import { LoadTrouble } from '../kit/stream-trouble.tsx';
import { Table, type Column } from '../kit/table.tsx';
import { Way } from '../kit/way.tsx';
import { Elsewhere } from '../kit/withheld.tsx';
import { useLoaded, useNow } from '../live.ts';
import { isElsewhere } from '../namespace.ts';
import { ago, count, moment, plural } from '../words.ts';

const FILTERS = ['namespace', 'kind', 'severity', 'status'] as const;

export function EventsPage({ query, identity }: { query: URLSearchParams; identity: WhoAmI }) {
  const filter = Object.fromEntries(FILTERS.map((name) => [name, query.get(name) ?? '']));
  const asked = { ...filter, pageToken: query.get('page') ?? '', pageSize: 100 };
  const loaded = useLoaded(`events ${queryText(asked)}`, (signal) => api.get<EventPage>('/events', asked, signal), 5_000);
  const { data, error, reload } = loaded;
  const now = useNow(10_000);
  const namespace = filter['namespace']!;
  const isForeign = namespace !== '' && isElsewhere(namespace, identity);
  return (
    <>
      <Head title="Events" sub={data && asked.pageToken === '' ? headOf(data) : 'what began, ended and happened'} />
      <Filters>
        <ChoiceFilter name="kind" label="Kind" query={query} options={[['', 'Any kind'], ...KIND_NAMES.map(choice)]} />
        <ChoiceFilter name="severity" label="Severity" query={query} options={[['', 'Any severity'], ...SEVERITIES.map(choice)]} />
        <ChoiceFilter name="status" label="Status" query={query} options={[['', 'Any status'], ...EVENT_STATUSES.map(choice)]} />
        {identity.namespaces === '*' ? (
          <TextFilter name="namespace" label="Namespace" query={query} />
        ) : (
          <ChoiceFilter
            name="namespace"
            label="Namespace"
            query={query}
            options={[['', 'All of yours'], ...identity.namespaces.map((name) => [name, name] as const)]}
          />
        )}
      </Filters>
      {error && !data ? <Failed error={error} retry={reload} /> : null}
      <LoadTrouble loaded={loaded} />
      {!data && !error ? <Loading /> : null}
      {data && isForeign ? <Elsewhere namespace={namespace} /> : null}
      {data && !isForeign ? (
        <Told data={data} query={query} now={now} isFiltered={Object.values(filter).some((value) => value !== '')} />
      ) : null}
    </>
  );
}

const wordsOf = (word: string): string => word.replaceAll('_', ' ');
const choice = (word: string): readonly [string, string] => [word, wordsOf(word)];

const headOf = ({ open, waiting }: EventPage): string =>
  `${open === 0 ? 'no open alerts' : plural(open, 'open alert')}${waiting > 0 ? `, ${count(waiting)} not for long enough so far` : ''}`;

/** What goes on stands on the first page alone. */
function Told({ data, query, now, isFiltered }: { data: EventPage; query: URLSearchParams; now: number; isFiltered: boolean }) {
  const { ongoing, items, open, waiting, nextToken } = data;
  const more = open + waiting - ongoing.length;
  return (
    <>
      {query.has('page') ? null : (
        <Panel title="Open" note={more > 0 ? `the worst ${count(ongoing.length)}; ${count(more)} more` : undefined}>
          {ongoing.length === 0 ? (
            <Empty title={isFiltered ? 'Nothing that fits is open.' : 'Nothing is open.'} />
          ) : (
            <Table isList className="is-paired" label="Open alerts" columns={ongoingColumns(now)} rows={ongoing} keyOf={keyOf} />
          )}
        </Panel>
      )}
      <Panel title="What happened" note="the newest first; of long ago nothing is kept">
        {items.length === 0 ? (
          <Empty title={isFiltered ? 'No event fits.' : 'Nothing happened so far.'}>
            <p>Beginnings and ends of alerts come here, and evaluations that are finished.</p>
          </Empty>
        ) : (
          <Table isList className="is-paired" label="Events" columns={EVENTS} rows={items} keyOf={({ id }) => id} />
        )}
      </Panel>
      <Pager nextToken={nextToken} query={query} />
    </>
  );
}

/** One that waits has no name of its own. */
const keyOf = ({ incident, kind, namespace, summary }: OngoingIncident): string => incident || `${kind} ${namespace} ${summary}`;

const SEVERITY_TONES: Readonly<Record<Severity, Tone>> = { critical: 'bad', warning: 'held', info: 'idle' };
const STATUS_TONES: Readonly<Record<EventStatus, Tone>> = { opened: 'bad', resolved: 'good', happened: 'idle' };

const severityOf = ({ severity }: IncidentWords) => <Badge tone={SEVERITY_TONES[severity]}>{severity}</Badge>;

/** What it is, with ways to what it is about. What others have named stands there as text. */
const whatOf = ({ kind, summary, facts }: IncidentWords) => (
  <span class="two is-wrapped">
    <span>{summary}</span>
    <small class="ways">
      {wordsOf(kind)}
      {waysOf(facts).map(([href, words]) => (
        <span key={href}>
          {' · '}
          <Way href={href}>{words}</Way>
        </span>
      ))}
    </small>
  </span>
);

function waysOf({ evaluationId, evaluations, route, agentId, agent }: Record<string, string>): [href: string, words: string][] {
  const ways: [string, string | undefined, string][] = [
    ['evaluations', evaluationId || evaluations?.split(' ')[0], 'the evaluation'],
    ['routes', route, 'the route'],
    ['agents', agentId, agent || 'the agent'],
  ];
  return ways.flatMap(([place, id, words]) => (id ? [[`/${place}/${encodeURIComponent(id)}`, words]] : []));
}

const namespaceOf = ({ namespace }: IncidentWords) => (namespace === '' ? <span class="faint">the fleet</span> : namespace);

const ongoingColumns = (now: number): readonly Column<OngoingIncident>[] => [
  { title: 'Severity', cell: severityOf },
  { title: 'Since', cell: ({ sinceMs }) => <time title={moment(sinceMs)}>{ago(sinceMs, now)}</time> },
  { title: 'What', grows: true, cell: whatOf },
  {
    title: 'State',
    from: 'middle',
    cell: ({ open, absentMs }) => (!open ? 'not for long enough' : absentMs > 0 ? 'open, perhaps over' : 'open'),
  },
  { title: 'Namespace', from: 'middle', cell: namespaceOf },
];

const EVENTS: readonly Column<IncidentEvent>[] = [
  { title: 'When', cell: ({ atMs }) => <time>{moment(atMs)}</time> },
  { title: 'Status', cell: ({ status }) => <Badge tone={STATUS_TONES[status]}>{status}</Badge> },
  { title: 'What', grows: true, cell: whatOf },
  { title: 'Severity', from: 'middle', cell: severityOf },
  { title: 'Namespace', from: 'middle', cell: namespaceOf },
];

/** How many alerts are open, beside the entry of the menu; nothing where there are none, or nobody says. */
export function OpenAlerts() {
  const { data } = useLoaded('open alerts', (signal) => api.get<EventPage>('/events', { pageSize: 1 }, signal), 15_000);
  if (!data || data.open === 0) return null;
  return (
    <span class="menu-count">
      <span aria-hidden="true">{data.open > 99 ? '99+' : data.open}</span>
      <span class="silent">{plural(data.open, 'open alert')}</span>
    </span>
  );
}
