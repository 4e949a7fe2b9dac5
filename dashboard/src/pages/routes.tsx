/** Routes that have work: how much waits, for how long, who could do it, and why nobody does. */
import { useState } from 'preact/hooks';
import type { Page, RouteStatus } from '../../../shared/client/types.ts';
import { may } from '../allowed.ts';
import { api, problemOf, queryText } from '../api.ts';
import { ChoiceFilter, Filters } from '../kit/filters.tsx';
import { Pager } from '../kit/pager.tsx';
import { Ask, Empty, Failed, Head, Loading } from '../kit/parts.tsx';
import { Badge } from '../kit/state.tsx';
import { LoadTrouble } from '../kit/stream-trouble.tsx';
import { Table, type Column } from '../kit/table.tsx';
import { Way } from '../kit/way.tsx';
import { useLoaded } from '../live.ts';
import { isWhole, ofPage } from '../sorted.ts';
import { useWho } from '../who.ts';
import { count, duration, plural } from '../words.ts';

export function RoutesPage({ query }: { query: URLSearchParams }) {
  const asked = { withoutAgent: query.get('only') === 'without', pageToken: query.get('page') ?? '', pageSize: 100 };
  const loaded = useLoaded(`routes ${queryText(asked)}`, (signal) => api.get<Page<RouteStatus>>('/routes', asked, signal), 2_000);
  const { data, error, reload } = loaded;
  const [told, setTold] = useState('');
  const routes = data?.items ?? [];
  const waiting = routes.reduce((sum, r) => sum + r.waitingTasks, 0);
  return (
    <>
      <Head
        title="Routes"
        sub={data ? `${plural(routes.length, 'route')} with work, ${plural(waiting, 'task')} waiting${ofPage(data, query)}` : ' '}
        actions={
          told === '' ? undefined : (
            <span class="told is-bad" role="alert">
              {told}
            </span>
          )
        }
      />
      <Filters>
        <ChoiceFilter
          name="only"
          label="Which routes"
          query={query}
          options={[
            ['', 'All routes'],
            ['without', 'Those without an agent'],
          ]}
        />
      </Filters>
      {error && !data ? <Failed error={error} retry={reload} /> : null}
      <LoadTrouble loaded={loaded} />
      {!data && !error ? <Loading /> : null}
      {data && routes.length === 0 ? (
        <Empty title={asked.withoutAgent ? 'Every route has an agent.' : 'Nothing waits.'}>
          <p>Routes are there as long as evaluations have open samples on them.</p>
        </Empty>
      ) : null}
      {routes.length > 0 ? (
        <Table
          isList
          label="Routes"
          columns={columnsOf(reload, setTold)}
          rows={routes}
          keyOf={({ route }) => route}
          {...(isWhole(data, query) ? { sorting: { query } } : { order: 'By requirement, in pages.' })}
        />
      ) : null}
      <Pager nextToken={data?.nextToken ?? ''} query={query} />
    </>
  );
}

/** Of its evaluations, in the table; its page has all. */
const SHOWN = 2;

const STATES = { paused: 'held', 'no agent': 'bad', 'at work': 'work', waiting: 'idle' } as const;
const wordOf = ({ paused, agents, inFlight }: RouteStatus): keyof typeof STATES =>
  paused ? 'paused' : agents === 0 ? 'no agent' : inFlight > 0 ? 'at work' : 'waiting';

export const stateOf = (route: RouteStatus) => <Badge tone={STATES[wordOf(route)]}>{wordOf(route)}</Badge>;

const columnsOf = (reload: () => void, tell: (problem: string) => void): Column<RouteStatus>[] => [
  { title: 'State', by: wordOf, cell: stateOf },
  {
    title: 'Requirement',
    by: (r) => r.requirement,
    grows: true,
    cell: (r) => (
      <span class="two is-wrapped">
        <a href={`/routes/${r.route}`}>{r.requirement}</a>
        <small>{r.reason || (r.agents === 0 ? r.misfits.slice(0, 3).join(' · ') : r.route)}</small>
      </span>
    ),
  },
  { title: 'Open', right: true, by: (r) => r.open, cell: (r) => count(r.open) },
  { title: 'In flight', right: true, from: 'middle', by: (r) => r.inFlight, cell: (r) => count(r.inFlight) },
  { title: 'Tasks waiting', right: true, from: 'middle', by: (r) => r.waitingTasks, cell: (r) => count(r.waitingTasks) },
  {
    title: 'Oldest',
    right: true,
    from: 'middle',
    by: (r) => (r.oldestWaitMs > 0 ? r.oldestWaitMs : undefined),
    cell: (r) => (r.oldestWaitMs > 0 ? duration(r.oldestWaitMs) : <span class="faint">–</span>),
  },
  { title: 'Agents', right: true, from: 'middle', by: (r) => r.agents, cell: (r) => count(r.agents) },
  { title: 'Room', right: true, from: 'wide', by: (r) => r.room, cell: (r) => count(r.room) },
  {
    title: 'Evaluations',
    from: 'wide',
    cell: (r) => (
      <span class="two">
        {r.evaluationIds.slice(0, SHOWN).map((id) => (
          <Way key={id} href={`/evaluations/${id}`} title={id}>
            {id}
          </Way>
        ))}
        {r.evaluationIds.length > SHOWN ? (
          <a href={`/routes/${r.route}`}>
            <small>+ {count(r.evaluationIds.length - SHOWN)} more</small>
          </a>
        ) : null}
      </span>
    ),
  },
  { title: 'Commands', silentTitle: true, right: true, cell: (r) => <PauseRoute route={r} onDone={reload} tell={tell} /> },
];

/** Pauses it, or goes on, after a question. */
export function PauseRoute({ route, onDone, tell }: { route: RouteStatus; onDone: () => void; tell: (problem: string) => void }) {
  const [isAsked, setAsked] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const word = route.paused ? 'Resume' : 'Pause';
  const isAllowed = may('OperatorService/PauseRoute', useWho());
  const answered = (isYes: boolean): void => {
    setAsked(false);
    if (!isYes) return;
    setBusy(true);
    api
      .post('/routes/pause', { route: route.route, undo: route.paused })
      .then(
        () => {
          tell('');
          onDone();
        },
        (error: unknown) => tell(problemOf(error)),
      )
      .finally(() => setBusy(false));
  };
  if (!isAllowed) return null;
  return (
    <>
      <button type="button" disabled={isBusy} onClick={() => setAsked(true)} aria-label={`${word} ${route.requirement}`}>
        {word}
      </button>
      {isAsked ? (
        <Ask title={`${word} this route?`} action={word} onAnswer={answered}>
          <p>
            {route.paused ? 'Its tasks are handed out again.' : 'Nothing more of it is handed out. What runs may finish, and is counted.'}{' '}
            <code>{route.requirement}</code>
          </p>
        </Ask>
      ) : null}
    </>
  );
}
